"""The texts of official documents, in Chinese and in English. Pure: they get what they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.announcements.rules import paragraphs_of
from app.web.dates import beijing_day, full_date

Body = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Text:
    """A document's title and paragraphs in both languages."""

    title: str
    title_en: str
    zh: tuple[str, ...]
    en: tuple[str, ...]

    @property
    def body(self) -> dict[str, list[str]]:
        return {"zh": list(self.zh), "en": list(self.en)}


def start_text(*, name: str, doc_no: str, period: tuple[date, date], filing_ends: datetime) -> Text:
    """启动通知 (R-001, R-054)."""
    basis, basis_en = (f"根据{doc_no}，", f"Under {doc_no}, ") if doc_no else ("", "")
    first, last = period
    return Text(
        f"关于启动{name}的通知",
        f"Start of {name}",
        (
            f"{basis}现启动{name}。评价范围为{full_date(first, 'zh')}至{full_date(last, 'zh')}完成的专利导航成果。",
            f"请于{full_date(filing_ends, 'zh')}前完成成果备案。此后提交的成果计入下一评价周期。",
            "优秀项目成果作为加分项计入各省级知识产权管理部门综合评分。各阶段时间安排见下表，如有调整另行公告。",
        ),
        (
            (
                f"{basis_en}{name} begins. It covers results completed from {full_date(first, 'en')} "
                f"to {full_date(last, 'en')}."
            ),
            f"Please file results by {full_date(filing_ends, 'en')}. Later ones count for the next round.",
            (
                "Excellent projects add to the score of the provincial offices. The stages are listed below; "
                "any change is published."
            ),
        ),
    )


def notice_text(*, name: str, count: int, opens: datetime, closes: datetime, workdays: int) -> Text:
    """公示 (E9)."""
    first, last = beijing_day(opens), beijing_day(closes)
    proposed = f"拟将下列{count}项成果列为优秀项目成果" if count else "没有成果拟列为优秀项目成果"
    proposed_en = f"{_count_in_english(count)} proposed as excellent projects of {name}"
    return Text(
        f"关于{name}优秀项目成果拟通报名单的公示",
        f"Public notice: proposed excellent projects of {name}",
        (
            (
                f"根据{name}工作安排，经线上评价、专家评审和集体审议，{proposed}，现予公示。"
                f"公示期为{full_date(first, 'zh')}至{full_date(last, 'zh')}，共{workdays}个工作日。"
            ),
            (
                "公示期内，任何单位和个人对名单有异议的，可以实名提出并附证据材料。以单位名义提出的，应加盖公章；"
                "以个人名义提出的，应签署真实姓名并留下联系电话。对成果等级或者专家学术判断本身的不同意见，"
                "不属于异议受理范围。"
            ),
        ),
        (
            (
                f"After online rating, expert review and deliberation, {proposed_en}. "
                f"The notice runs from {full_date(first, 'en')} to {full_date(last, 'en')}, "
                f"{workdays} working days."
            ),
            (
                "Within this time anybody may object to the list, with a real name and evidence; organisations with their "
                "seal. Disagreement with a grade or with the experts' academic judgement is no ground for an objection."
            ),
        ),
    )


def _count_in_english(count: int) -> str:
    """How an English sentence begins that counts the results listed below it; there may be none (E9)."""
    if not count:
        return "no results are"
    return f"the {count} results below are" if count > 1 else "the result below is"


def commendation_text(*, name: str, count: int) -> Text:
    """通报 (R-072)."""
    found = f"确定下列{count}项成果为优秀项目成果" if count else "没有成果列为优秀项目成果"
    return Text(
        f"关于{name}优秀项目成果的通报",
        f"Excellent projects of {name}",
        (
            f"{name}评优工作已经结束。经初筛、线上评价、专家评审、集体审议和公示，{found}，现予通报。",
            "希望有关单位总结经验，持续推动专利导航成果的应用。",
        ),
        (
            (
                f"The selection of {name} is complete. After screening, online rating, expert review, deliberation and "
                f"public notice, {_count_in_english(count)} excellent projects."
            ),
            "The organisations are asked to share their experience and to keep putting the results to use.",
        ),
    )


def own_text(*, title: str, text: str, fallback: Text) -> Text:
    """A commendation in the words of the person who drafted it; what was left out comes from the template."""
    if not title and not text:
        return fallback
    zh = tuple(paragraphs_of(text)) or fallback.zh
    return Text(title or fallback.title, "" if title else fallback.title_en, zh, () if text else fallback.en)


def supplement_text(*, name: str, title: str, correction: str) -> Text:
    """补充公布: an item that was held, now decided in its favour (E9)."""
    corrected = (f"更正内容：{correction}",) if correction else ()
    return Text(
        f"关于补充公布{name}优秀项目成果的通报",
        f"Supplement to the excellent projects of {name}",
        (f"公示期内收到异议、暂缓公布的“{title}”，经核查处理完毕，确定为优秀项目成果，现补充公布。", *corrected),
        (
            (
                f"“{title}” was on hold because of an objection. The objection has been decided and the result is an "
                "excellent project."
            ),
        ),
    )


def removal_text(*, name: str, title: str) -> Text:
    """更正: an item falls away after the commendation was published (E9, E11)."""
    return Text(
        f"关于{name}优秀项目成果名单的更正公告",
        f"Correction to the excellent projects of {name}",
        (f"公示期内收到异议的“{title}”，经核查异议成立，不列为优秀项目成果。相关加分同时更正。",),
        (f"The objection to “{title}” was upheld. It is no excellent project; the bonus is corrected accordingly.",),
    )


def ranking_text(*, name: str, bonus_hash: str) -> Text:
    """评价结果 (R-071): in this version the part that the excellent projects and deductions make."""
    checked = (f"评优加分数据校验值（SHA-256）：{bonus_hash}。",) if bonus_hash else ()
    checked_en = (f"SHA-256 of the bonus data: {bonus_hash}.",) if bonus_hash else ()
    return Text(
        f"关于公布{name}评价结果的通知",
        f"Results of {name}",
        (f"{name}评价结果经审定，现予公布。得分由优秀项目加分减去扣分得出，得分相同的名次并列。", *checked),
        (
            (
                f"The results of {name} have been decided. The score is the bonus for excellent projects minus deductions; "
                "equal scores share a rank."
            ),
            *checked_en,
        ),
    )
