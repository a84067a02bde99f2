"""The words of every kind of notification, Chinese and English. Alphabetic by kind; every room adds its own here.

A kind's title is one line (list, subject of the mail); its body one more sentence, or nothing. Both languages name
the same parameters. Parameters called until, at and on are moments or days and are written out in the reader's
language. Never name raters, experts, drawn lists or objectors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any, Final

from app.web.dates import full_date, moment_text
from app.web.locale import Locale

DAYS: Final = frozenset({"until", "on"})
MOMENTS: Final = frozenset({"at"})


@dataclass(frozen=True, slots=True)
class Message:
    """The words of one kind. `mail`: whether it is worth a mail besides the page."""

    zh: str
    en: str
    body_zh: str = ""
    body_en: str = ""
    mail: bool = True

    @property
    def params(self) -> frozenset[str]:
        """The names in braces."""
        texts = f"{self.zh} {self.body_zh}"
        return frozenset(name for _, name, _, _ in Formatter().parse(texts) if name)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notification in one language."""

    title: str
    body: str


# fmt: off
MESSAGES: Final[Mapping[str, Message]] = {
    "announcement_published": Message("“{title}”已发布。", "“{title}” was published."),
    "audit_overdue": Message("“{title}”的审核已超期，原定{until}前完成。", "The audit of “{title}” is overdue since {until}.", "请尽快办理；超期情况已列入督办清单。", "Please complete it soon; it stands on the supervision list."),
    "award_announced": Message("“{title}”列为优秀项目成果。", "“{title}” is an excellent project."),
    "expert_replaced": Message("{name}：已补抽{count}名评审专家。", "{name}: {count} reviewer(s) were replaced.", mail=False),
    "filing_filed": Message("“{title}”已备案，备案号{number}。", "“{title}” is filed as {number}."),
    "filing_lapsed": Message("“{title}”逾期未补正，已自动撤回。", "“{title}” was not corrected in time and lapsed.", "需要时可重新提交备案。", "You may file it anew."),
    "filing_next_round": Message("“{title}”转入{round}。", "“{title}” moves to {round}.", "原因：{reason}", "Reason: {reason}"),
    "filing_received": Message("“{title}”已提交，受理编号{number}。", "“{title}” was submitted as {number}.", "预计{until}前完成审核。", "The audit is due by {until}.", mail=False),
    "filing_rejected": Message("“{title}”不予备案。", "“{title}” was rejected.", "理由：{reason}", "Reason: {reason}"),
    "filing_returned": Message("“{title}”需补正，请于{until}前提交。", "Please correct “{title}” by {until}.", "补正要求：{reason}", "What to correct: {reason}"),
    "filing_wanted": Message("{name}提醒贵单位将应备案的成果提交备案，计入{round}。", "{name} asks your organisation to file its results for {round}.", "请于{until}前提交；没有应备案成果的，请告知省级联系人。", "Please submit by {until}, or tell your provincial contact that there is nothing to file."),
    "filing_wanted_open": Message("{name}提醒贵单位将应备案的成果提交备案，计入{round}。", "{name} asks your organisation to file its results for {round}.", "没有应备案成果的，请告知省级联系人。", "If there is nothing to file, please tell your provincial contact."),
    "filing_withdrawn": Message("“{title}”已撤回。", "“{title}” was withdrawn.", mail=False),
    "item_assigned": Message("新待办：{title}（{node}），{until}前办理。", "New item: {title} ({node}), due by {until}."),
    "item_closed": Message("“{title}”（{node}）已关闭，无需办理。", "{title} ({node}) was closed; nothing is left to do.", mail=False),
    "item_delegated": Message("{name}将“{title}”（{node}）转交您办理。", "{name} passed {title} ({node}) to you.", "请于{until}前办理。", "It is due by {until}."),
    "item_due_soon": Message("“{title}”（{node}）将于{until}到期。", "{title} ({node}) is due on {until}."),
    "item_overdue": Message("“{title}”（{node}）已超期，原定{until}前办理。", "{title} ({node}) is overdue since {until}."),
    "item_reminder": Message("{name}提醒您办理“{title}”（{node}）。", "{name} reminds you of {title} ({node}).", "请于{until}前办理。", "It is due by {until}."),
    "item_reminder_open": Message("{name}提醒您办理“{title}”（{node}）。", "{name} reminds you of {title} ({node})."),
    "meeting_called": Message("{panel}评审会议定于{at}召开。", "The meeting of {panel} is on {at}.", "地点：{place}", "Place: {place}"),
    "objection_decided": Message("您提出的异议已有处理结果。", "Your objection was decided.", "涉及“{title}”，结果：{result}", "It concerns “{title}”: {result}"),
    "objection_raised": Message("“{title}”收到异议，等待受理。", "An objection to “{title}” waits to be examined."),
    "objection_statement": Message("请就“{title}”的异议于{until}前提交说明。", "Please comment on the objection to “{title}” by {until}."),
    "pool_changed": Message("{name}：备选案例库有{count}项人工调整，附有理由。", "{name}: {count} manual changes to the pool, each with a reason."),
    "proposal_changed": Message("{name}：拟评优名单与评审排序有{count}处不同，附有理由。", "{name}: the proposed list deviates in {count} places, each with a reason."),
    "rating_invited": Message("邀请您评价{count}件专利导航成果，{until}前完成。", "You are asked to rate {count} results by {until}."),
    "recheck_decided": Message("“{title}”的复核已有结果：{result}。", "The recheck of “{title}” was decided: {result}."),
    "reserve_promoted": Message("您由候补转为{panel}评审专家，请于{until}前确认。", "You move from the reserve into {panel}; please confirm by {until}."),
    "reserves_promoted": Message("{name}：{count}名候补专家递补。", "{name}: {count} reserve(s) stepped in.", mail=False),
    "results_published": Message("{round}评价结果已公布。", "The results of {round} are published."),
    "review_assigned": Message("{panel}有{count}件成果等待您评分，{until}前完成。", "Results of {panel} that wait for your scores: {count}, due by {until}."),
    "review_invited": Message("邀请您担任{panel}评审专家，请于{until}前答复。", "You are invited to review in {panel}; please answer by {until}."),
    "review_unbegun": Message("{name}：有评分表尚未开始填写。", "{name}: a score sheet has not been begun."),
    "screening_failed": Message("“{title}”未通过初筛，可于{until}前申请复核。", "“{title}” did not pass screening; a recheck may be requested by {until}.", "原因：{reason}", "Reason: {reason}"),
    "stage_closed": Message("{round}的{stage}阶段已结束。", "The stage {stage} of {round} has ended.", mail=False),
    "stage_closing": Message("{round}的{stage}阶段将于{until}结束。", "The stage {stage} of {round} ends on {until}."),
    "stage_extended": Message("{round}的{stage}阶段延期至{until}。", "The stage {stage} of {round} is extended to {until}.", "原因：{reason}", "Reason: {reason}"),
    "stage_opened": Message("{round}的{stage}阶段已开始，{until}结束。", "The stage {stage} of {round} has begun and ends on {until}.", mail=False),
    "substitute_named": Message("{name}外出，请您于{on}至{until}代办其工作。", "{name} is away; you stand in from {on} to {until}.", "期间其待办列入您的待办，由您办理并以您的名义记录。", "During these days the items appear in your queue and are recorded in your name."),
    "substitute_released": Message("{name}已结束外出（{on}至{until}），您不再代办。", "{name} is back ({on} to {until}); you no longer stand in.", mail=False),
}
# fmt: on


def render(kind: str, params: Mapping[str, Any], locale: Locale) -> Rendered:
    """The words of a notification; KeyError for an unknown kind or a missing parameter, both faults of the program."""
    message = MESSAGES[kind]
    words = {name: _word(name, value, locale) for name, value in params.items()}
    title, body = (message.zh, message.body_zh) if locale == "zh" else (message.en, message.body_en)
    return Rendered(title.format_map(words), body.format_map(words))


def _word(name: str, value: object, locale: Locale) -> object:
    if name in MOMENTS and isinstance(value, str):
        return moment_text(datetime.fromisoformat(value), locale)
    if name in DAYS and isinstance(value, str):
        is_day = "T" not in value
        return full_date(date.fromisoformat(value) if is_day else datetime.fromisoformat(value), locale)
    return value
