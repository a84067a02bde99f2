"""A public notice with its items, the people who handle objections, and objections to its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.accounts.queries import get_user
from app.accounts.usecases import load_regions
from app.accounts.vocabulary import Role
from app.announcements.models import NoticeItem, Objection
from app.announcements.notices import open_public_notice
from app.announcements.queries import items_of
from app.announcements.results import publish_results, record_award, register_document
from app.announcements.usecases import PUBLIC, Receipt, submit_objection
from app.candidacies.queries import get_candidacy
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.filings.models import FilingParty
from app.inbox.usecases import Completed, complete_item
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import ProcessInstance, WorkItem
from app.rounds.usecases import freeze_round
from app.selection.models import Panel, ProposalEntry
from tests.factories.accounts import make_actor, make_organisation
from tests.factories.attachments import attachment
from tests.factories.candidacies import make_candidacy
from tests.factories.rounds import deploy_forms_of, deploy_process, make_round

NOTICE_DAY = datetime(2026, 12, 14, 1, tzinfo=UTC)
"""A Monday morning after the planned end of the notice: five working days end on 21 December."""
FORMS = ("objection", "objection_check", "investigation", "approval", "objection_decision")
SECRET_NAME = "举报人赵立新"
SECRET_CONTACT = "13812345678"
SECRET_IDENTITY = "370102199001011234"


@dataclass(slots=True)
class Notice:
    """A round whose public notice is open, and its people."""

    round_id: int
    announcement_id: int
    item_ids: list[int]
    candidacy_ids: list[int]
    handler: Actor
    manager: Actor
    leader: Actor

    def item(self, number: int = 0) -> NoticeItem:
        return session.get_one(NoticeItem, self.item_ids[number])

    def standing(self, number: int = 0) -> str:
        return get_candidacy(self.candidacy_ids[number]).standing


def make_listed_round(
    *, provinces: Sequence[str] = ("370000", "320000", "440000"), parties: Sequence[tuple[str, str]] = ()
) -> tuple[int, list[int]]:
    """A running round with one listed candidacy per province given; returns their ids."""
    with transaction():
        load_regions()
    round_id = make_round()
    with transaction():
        freeze_round(round_id=round_id, actor=SYSTEM)
    candidacy_ids = []
    for province in provinces:
        organisation = make_organisation(province_code=province)
        made = make_candidacy(round_id=round_id, organisation_id=organisation, province_code=province)
        candidacy_ids.append(made)
    with transaction():
        panel = Panel(
            round_id=round_id, number=1, name="第一评审组", industries=["1"], size=5, draw_rules={}, status="forming"
        )
        session.add(panel)
        session.flush()
        for rank, candidacy_id in enumerate(candidacy_ids, start=1):
            session.add(
                ProposalEntry(
                    candidacy_id=candidacy_id, round_id=round_id, panel_id=panel.id, rank=rank, by_quota=True,
                    listed=True, reason="quota", deviation_reason="",
                )
            )  # fmt: skip
            for role, name in parties:
                filing_id = get_candidacy(candidacy_id).filing_id
                session.add(FilingParty(filing_id=filing_id, role=role, name=name))
    return round_id, candidacy_ids


def make_notice(**more: Any) -> Notice:
    """Opens a public notice; call it within clock.at(NOTICE_DAY)."""
    deploy_forms_of(*FORMS)
    deploy_process(Path("workflows/objection.bpmn").read_bytes())
    round_id, candidacy_ids = make_listed_round(**more)
    with transaction():
        announcement = open_public_notice(round_id=round_id, actor=SYSTEM)
        set_standing(candidacy_ids=candidacy_ids, standing=Standing.IN_NOTICE)
    items = items_of(announcement.id)
    return Notice(
        round_id=round_id,
        announcement_id=announcement.id,
        item_ids=[item.id for item in items],
        candidacy_ids=[item.candidacy_id for item in items],
        handler=make_actor(Role.OBJECTION_HANDLER),
        manager=make_actor(Role.MANAGER),
        leader=make_actor(Role.LEADER),
    )


def objection_values(**more: Any) -> dict[str, Any]:
    """A whole objection of a person; the evidence is uploaded."""
    values: dict[str, Any] = {
        "objector_kind": "person",
        "objector_name": SECRET_NAME,
        "objector_contact": SECRET_CONTACT,
        "objector_id": SECRET_IDENTITY,
        "kind": "SUBSTANTIVE",
        "grounds": "该成果的主要数据与公开资料不符，附对照材料。",
    }
    if "evidence" not in more:
        values["evidence"] = attachment(name="证据.pdf", actor=PUBLIC).id
    return values | more


def object_to(item_id: int, **more: Any) -> tuple[Objection, Receipt]:
    """Submits an objection through the public door."""
    values = objection_values(**more)
    with transaction():
        receipt = submit_objection(item_id=item_id, values=values)
    return session.scalars(select(Objection).where(Objection.receipt_number == receipt.number)).one(), receipt


def open_item(objection: Objection) -> WorkItem | None:
    return session.scalars(
        select(WorkItem).where(WorkItem.instance_id == objection.instance_id, WorkItem.status == "open")
    ).one_or_none()


def act(objection: Objection, actor: Actor, outcome: str, **values: Any) -> Completed:
    """Completes the open item of the objection's process through the inbox."""
    item = open_item(objection)
    assert item is not None
    with transaction():
        return complete_item(item_id=item.id, outcome=outcome, values=values, actor=actor)


def decide_objection(notice: Notice, objection: Objection, decision: str, **findings: Any) -> None:
    """From the acceptance to the leader's decision."""
    proposal = {"uphold": "propose_uphold", "uphold_in_part": "propose_part", "dismiss": "propose_dismiss"}[decision]
    act(objection, notice.handler, proposal, findings="经核查，情况如下。", **findings)
    act(objection, notice.manager, "approve")
    act(objection, notice.leader, decision, opinion="同意。")


def publish_commendation(notice: Notice) -> int:
    """Registers the document, publishes it and books the awards as the candidacies' processes do."""
    with transaction():
        register_document(
            round_id=notice.round_id, document_number="导评通〔2026〕1号", issued_on=date(2026, 12, 22),
            sealed_file_id=None, actor=notice.manager,
        )  # fmt: skip
        made = publish_results(round_id=notice.round_id, actor=SYSTEM)
    for candidacy_id in notice.candidacy_ids:
        with transaction():
            standing = record_award(candidacy_id=candidacy_id, actor=SYSTEM)
            set_standing(candidacy_ids=[candidacy_id], standing=standing)
    return made.id


def ended_as(objection: Objection) -> str | None:
    assert objection.instance_id is not None
    return session.get_one(ProcessInstance, objection.instance_id).end_node


def person(actor: Actor) -> str:
    assert actor.id is not None
    return get_user(actor.id).name
