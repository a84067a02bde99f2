"""Demo filings: printed titles and titles of the same patterns, with reports that open and proofs that hold."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.attachments.usecases import store_file
from app.demo.documents import make_pdf
from app.demo.names import CAPITALS, SUBJECTS, person_name
from app.demo.organisations import MadeOrganisation
from app.filings.usecases import create_draft, submit_filing
from app.filings.vocabulary import Question
from app.kernel import clock
from app.kernel.actor import Actor

PROJECTS_FILE = Path(__file__).parent / "data" / "projects.csv"
PATTERNS = {
    "INDUSTRY": "{city}{subject}产业专利导航",
    "ENTERPRISE": "{subject}关键技术企业经营专利导航",
    "RND": "{subject}研发活动专利导航",
    "REGION": "{city}{subject}区域规划专利导航",
    "TALENT": "{city}{subject}领域人才管理专利导航",
}
TYPE_MIX = (
    "INDUSTRY",
    "ENTERPRISE",
    "RND",
    "ENTERPRISE",
    "INDUSTRY",
    "RND",
    "INDUSTRY",
    "REGION",
    "ENTERPRISE",
    "TALENT",
)
PROOF_LIMIT_MB = 20
ALL_QUESTIONS = frozenset(question.value for question in Question)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a demo filing is about."""

    title: str
    report_type: str
    domain: str
    province_code: str | None = None


def printed_topics() -> list[Topic]:
    """The titles printed in public announcements; their organisations are invented all the same."""
    with PROJECTS_FILE.open(encoding="utf-8", newline="") as file:
        return [
            Topic(
                row["title"],
                row["result_type"] or "INDUSTRY",
                row["domain_code"] or "2.1",
                row["province_code"] or None,
            )
            for row in csv.DictReader(file)
        ]


def further_topics(*, chance: Random, year: int) -> Iterator[Topic]:
    """Titles of the same patterns, without end and without repetition."""
    codes, cities = list(SUBJECTS), list(CAPITALS.items())
    number = 0
    while True:
        report_type = TYPE_MIX[number % len(TYPE_MIX)]
        domain = chance.choice(codes)
        province, city = cities[(number * 11 + year) % len(cities)]
        base = PATTERNS[report_type].format(city=city, subject=SUBJECTS[domain])
        yield Topic(f"{base}（{year}—{number + 1}）", report_type, domain, province)
        number += 1


def file_topic(
    *, topic: Topic, filer: Actor, organisation: MadeOrganisation, chance: Random, willing: bool = True
) -> int:
    """Drafts and submits one filing as its filer would; returns its id."""
    filing = create_draft(
        kind="report", actor=filer, values=_values(topic, organisation, filer, chance, willing=willing)
    )
    submit_filing(filing_id=filing.id, actor=filer, confirm=ALL_QUESTIONS)
    return filing.id


def draft_topic(*, topic: Topic, filer: Actor, organisation: MadeOrganisation, chance: Random) -> int:
    """A draft that its filer has not submitted."""
    values = _values(topic, organisation, filer, chance, willing=True)
    return create_draft(kind="report", actor=filer, values=values).id


def _values(
    topic: Topic, organisation: MadeOrganisation, filer: Actor, chance: Random, *, willing: bool
) -> dict[str, Any]:
    today = clock.today()
    finished = today - timedelta(days=chance.randrange(60, 260))
    total = chance.randrange(20, 120)
    report = _upload(topic.title, _chapters(topic, organisation), "成果报告.pdf", filer)
    return {
        "title": topic.title,
        "report_type": topic.report_type,
        "domain": topic.domain,
        "filer_role": "UNDERTAKER",
        "commissioner": organisation.name,
        "undertaker": organisation.name,
        "funding_level": chance.choice(("PROV", "CITY", "SELF")),
        "total_amount": total,
        "fiscal_amount": chance.randrange(10, total),
        "started_on": (finished - timedelta(days=240)).isoformat(),
        "finished_on": finished.isoformat(),
        "accepted_on": (finished + timedelta(days=20)).isoformat(),
        "search_cutoff": (finished - timedelta(days=45)).isoformat(),
        "acceptance": "经专家组评议，同意通过验收。",
        "abstract": _abstract(topic, chance),
        "patents": chance.randrange(2_000, 60_000),
        "application_status": "ADOPTED",
        "report_file": report,
        "public_file": _upload(f"{topic.title}（评价版）", [_abstract(topic, chance)], "评价版.pdf", filer),
        "proofs": [_proof(topic, filer, chance)],
        "willing": willing,
        "publicity": True,
        "contact_name": person_name(chance),
        "contact_mobile": f"139{chance.randrange(10**8):08d}",
        "unclassified": True,
        "original": True,
        "commitment_file": _upload(
            f"非涉密承诺书：{topic.title}", ["本单位承诺所报材料不涉及国家秘密。"], "承诺书.pdf", filer
        ),
    }


def _proof(topic: Topic, filer: Actor, chance: Random) -> dict[str, Any]:
    end = "GOV" if topic.report_type in ("REGION", "INDUSTRY", "TALENT") else "ENT"
    issuer = "工业和信息化主管部门" if end == "GOV" else "应用单位"
    scan = _upload(f"成果应用证明：{topic.title}", [f"{issuer}采纳了本成果的主要结论。"], "应用证明.pdf", filer)
    return {
        "end": end,
        "type": "POLICY_ADOPTED" if end == "GOV" else "PRODUCT",
        "level": chance.choice(("PROVINCE", "CITY")) if end == "GOV" else "UNIT",
        "issuer": issuer,
        "issued_on": (clock.today() - timedelta(days=chance.randrange(10, 50))).isoformat(),
        "file": scan,
    }


def _upload(title: str, paragraphs: list[str], name: str, filer: Actor) -> int:
    content = io.BytesIO(make_pdf(title, paragraphs))
    return store_file(stream=content, name=name, actor=filer, limit_mb=PROOF_LIMIT_MB).id


def _abstract(topic: Topic, chance: Random) -> str:
    subject = topic.title.split("（", maxsplit=1)[0]
    return (
        f"本成果围绕“{subject}”开展专利导航，共检索分析专利{chance.randrange(3, 60)}千余件，梳理技术路线与主要创新主体，"
        f"研判{chance.randrange(3, 9)}个重点技术分支的布局机会与风险，提出{chance.randrange(4, 12)}项可操作的研发、布局和引才建议，"
        "已在立项论证和年度计划编制中得到应用。"
    )


def _chapters(topic: Topic, organisation: MadeOrganisation) -> list[str]:
    return [
        f"{organisation.name}",
        "第一章　项目概况",
        f"本项目依据《专利导航指南》系列国家标准实施，研究对象为{topic.title}。",
        "第二章　数据来源与检索策略",
        "检索式、检索截止日与数据清洗方法见附录，专利数据来自商业专利数据库。",
        "第三章　产业发展路径导航",
        "全球专利申请持续增长，本领域核心专利集中于少数申请人，国内主体在支撑环节具有相对优势。",
        "第四章　结论与建议",
        "建议围绕薄弱环节开展联合攻关，优先布局海外同族，按年度跟踪竞争对手的申请动向。",
    ]
