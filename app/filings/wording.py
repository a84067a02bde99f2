"""The words of the automatic checks and of a form's values, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.filings.checks import Check
from app.filings.vocabulary import ProofEnd, ProofLevel
from app.formdefs.fields import Field
from app.formdefs.vocabulary import FieldType
from app.web.dates import full_date
from app.web.locale import Locale
from app.web.words import REPORT_TYPES, Words

# fmt: off -- one check a line, as in a table
CHECK_WORDS = Words(
    {
        "acceptance": ("验收日期在评价期内", "Accepted within the period"),
        "acceptance_file": ("验收证明已提交", "Certificate of acceptance handed in"),
        "acceptance_file_missing": ("未提交验收证明", "No certificate of acceptance"),
        "accepted_before_finished": ("验收日期（{on}）早于完成日期", "Accepted ({on}) before it was finished"),
        "accepted_outside": ("验收日期（{on}）不在评价期内", "Accepted ({on}) outside the period"),
        "attribution": (
            "出资与归属省份一致，财政资金{amount}万元",
            "Province agrees with the money: {amount} × 10,000 yuan of public funds",
        ),
        "attribution_differs": (
            "出资或委托单位所在省份与归属省份不一致",
            "The payer or commissioner belongs to another province",
        ),
        "attribution_unsure": (
            "财政资金{amount}万元，出资单位所在省份无法核实",
            "{amount} × 10,000 yuan of public funds, but the payer's province is not known",
        ),
        "city_unaudited": ("市级逾期未审", "The city did not audit in time"),
        "commitment": ("盖章承诺书已提交", "Sealed commitment handed in"),
        "commitment_missing": ("未提交盖章承诺书", "No sealed commitment"),
        "cutoff": ("检索截止日与验收日相隔不超过6个月", "Search no older than 6 months at acceptance"),
        "cutoff_after": ("检索截止日（{on}）晚于验收日", "Search ended ({on}) after the acceptance"),
        "cutoff_stale": (
            "检索截止日早于验收日{months}个月，需说明数据时效",
            "Search ended {months} months before acceptance: its age must be explained",
        ),
        "dishonest": ("{name}列入失信或非正常专利申请名单", "{name} is on a list of dishonest parties"),
        "duplicate": (
            "疑似与“{title}”重复，名称相似度{percent}%",
            "Possibly the same as “{title}”: titles {percent}% alike",
        ),
        "duplicates": ("未发现重复备案", "No duplicate found"),
        "honest": ("各方未列入失信名单", "No party on a list of dishonest parties"),
        "proofs": ("应用证明{n}份，扫描件齐全", "Proofs of use: {n}, each with its scan"),
        "proofs_no_government": ("规划类成果未提供政府端应用证明", "A planning result without proof from a government"),
        "proofs_none": ("未提供应用证明", "No proof of use"),
        "proofs_without_scan": ("{n}份应用证明缺少扫描件", "Proofs of use without a scan: {n}"),
        "public_file": ("评价版已提交", "Rating version handed in"),
        "public_file_missing": ("未提交评价版，无法推送评价", "No rating version: it cannot be sent out for rating"),
        "unclassified": ("已作非涉密承诺", "Declared to be unclassified"),
        "unclassified_missing": ("未作非涉密承诺", "Not declared to be unclassified"),
        "uscc": ("单位信用代码校验通过", "Credit codes are valid"),
        "uscc_missing": ("未填写信用代码：{names}", "Without credit code: {names}"),
        "uscc_wrong": ("{n}个单位信用代码校验不通过", "{n} credit codes are wrong"),
    }
)
# fmt: on
ENDS = Words(
    {
        ProofEnd.GOV: ("政府", "Government"),
        ProofEnd.ENT: ("企业", "Enterprise"),
        ProofEnd.UNI: ("高校和科研机构", "University, research"),
    }
)
LEVELS = Words(
    {
        ProofLevel.NATIONAL: ("国家级", "National"),
        ProofLevel.PROVINCE: ("省级", "Provincial"),
        ProofLevel.CITY: ("市级", "City"),
        ProofLevel.COUNTY: ("县（区）级", "County"),
        ProofLevel.UNIT: ("单位", "Unit"),
    }
)
PROOF_TYPES = Words(
    {
        "LEADER_INSTRUCTION": ("领导批示", "Leader's instruction"),
        "POLICY_ADOPTED": ("政策或规划采纳", "Taken into a policy or plan"),
        "INVEST_DECISION": ("政府投资项目决策", "Public investment decision"),
        "RECRUIT": ("双招双引", "Recruiting of firms and talent"),
        "TECH_PROJECT": ("关键核心技术攻关或立项", "Core-technology project"),
        "PRODUCT": ("产品开发", "Product development"),
        "LAYOUT": ("专利布局", "Patent portfolio"),
        "RISK": ("风险规避", "Risk avoided"),
        "DEAL": ("并购、许可或转化", "Merger, licence or transfer"),
        "TALENT": ("人才引进评价", "Talent assessed"),
        "TRAINING": ("培训", "Training"),
        "OTHER": ("其他", "Other"),
    }
)
"""domain.md c.3."""
KINDS = Words(
    {
        "report": ("专利导航报告", "Report"),
        "database": ("产业专利专题库", "Thematic database"),
        "tool": ("专利导航工具", "Tool"),
    }
)


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A proof in words."""

    end: str
    type: str
    level: str
    issuer: str
    issued_on: str
    file_id: int | None


@dataclass(frozen=True, slots=True)
class FilingWords:
    """The room's own words in the reader's language."""

    locale: str

    def kind(self, code: str) -> str:
        return KINDS(code, _locale(self.locale))

    def type(self, code: str | None) -> str:
        return REPORT_TYPES(code, _locale(self.locale))

    def check(self, check: Check) -> str:
        return check_text(check, self.locale)

    def kinds(self) -> list[tuple[str, str]]:
        return KINDS.choices(_locale(self.locale))

    def ends(self) -> list[tuple[str, str]]:
        return ENDS.choices(_locale(self.locale))

    def levels(self) -> list[tuple[str, str]]:
        return LEVELS.choices(_locale(self.locale))

    def proof_types(self) -> list[tuple[str, str]]:
        return PROOF_TYPES.choices(_locale(self.locale))


def check_text(check: Check, locale: str) -> str:
    """The sentence of a check."""
    params = {name: _param(value, locale) for name, value in check.params.items()}
    return CHECK_WORDS(check.code, _locale(locale)).format_map(params)


def value_text(field: Field, value: Any, locale: str) -> str:  # noqa: ANN401 -- a JSON value
    """A stored value of a form in words; files and lists of proofs are shown by their own parts."""
    if value is None:
        return ""
    if field.type == FieldType.CHECKBOX:
        return ("Yes" if value else "No") if locale.startswith("en") else ("是" if value else "否")
    if field.type == FieldType.DATE:
        return full_date(date.fromisoformat(value), _locale(locale))
    labels = {option.value: option.label.pick(locale) for option in field.options}
    if isinstance(value, list):
        return _join([labels.get(one, str(one)) for one in value if not isinstance(one, dict)], locale)
    return labels.get(value, str(value)) if isinstance(value, str) else str(value)


def proof_line(proof: Mapping[str, Any], locale: str) -> ProofLine:
    """One row of the form's list of proofs in words."""
    return ProofLine(
        end=ENDS(proof.get("end"), _locale(locale)),
        type=PROOF_TYPES(proof.get("type"), _locale(locale)),
        level=LEVELS(proof.get("level"), _locale(locale)),
        issuer=str(proof.get("issuer") or ""),
        issued_on=_day(proof.get("issued_on"), locale),
        file_id=proof["file"] if isinstance(proof.get("file"), int) else None,
    )


def proof_text(proof: Mapping[str, Any], locale: str) -> str:
    """A proof in one line, for comparing versions."""
    line = proof_line(proof, locale)
    return _join([part for part in (line.issuer, line.type, line.level, line.issued_on) if part], locale)


def _day(value: object, locale: str) -> str:
    """A row's date; a text that is none stays as it was written."""
    try:
        return full_date(date.fromisoformat(str(value)), _locale(locale)) if value else ""
    except ValueError:
        return str(value)


def _param(value: object, locale: str) -> str:
    if isinstance(value, date):
        return full_date(value, _locale(locale))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return _join([str(one) for one in value], locale) if isinstance(value, list) else str(value)


def _locale(locale: str) -> Locale:
    return "en" if locale.startswith("en") else "zh"


def _join(parts: list[str], locale: str) -> str:
    return (", " if locale.startswith("en") else "、").join(parts)
