"""What the pages of the candidacies show, put together for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.queries import get_organisation, get_region
from app.attachments.models import Attachment
from app.attachments.queries import attachments_by_id
from app.candidacies import queries
from app.candidacies.models import Candidacy, ScreeningDecision, ScreeningResult
from app.candidacies.vocabulary import SUBJECT, RuleCode
from app.candidacies.words import DECISIONS, FIELDS, FINDINGS, RULES
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes.items import get_item, offered_outcomes
from app.processes.models import WorkItem
from app.processes.queries import definition_of, get_instance
from app.processes.reach import is_barred, is_within_reach
from app.processes.vocabulary import ItemStatus
from app.web.dates import full_date
from app.web.locale import current_locale, pick

ICON_OF = {"pass": "done", "manual": "warning", "fail": "error"}


@dataclass(frozen=True, slots=True)
class CandidacyPage:
    """A candidacy with its checks and its story."""

    candidacy: Candidacy
    standing: str
    """Where it stands, as far as the reader is told."""
    province: str
    organisation: str
    verdicts: Sequence[Mapping[str, Any]]
    story: Sequence[Mapping[str, Any]]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A work item about a candidacy, with the outcomes that it offers."""

    item: WorkItem
    shown: CandidacyPage
    outcomes: Sequence[tuple[str, str]]
    rules: Sequence[tuple[str, str]]
    may_act: bool
    is_barred: bool
    evidence: Sequence[Attachment]
    """What the filer attached to the request for a recheck."""


def show_candidacy(*, candidacy_id: int, actor: Actor) -> CandidacyPage:
    """The candidacy's page; NotFoundError outside the person's scope."""
    return _page(queries.get_candidacy_for(candidacy_id=candidacy_id, actor=actor), actor)


def show_item(*, item_id: int, actor: Actor) -> ItemPage:
    """The page of a work item about a candidacy; NotFoundError when the person may not see the item."""
    item = get_item(item_id=item_id, actor=actor)
    if item.subject_type != SUBJECT:
        raise NotFoundError  # the number of a round or a panel is some candidacy's too
    instance = get_instance(item.instance_id)
    offered = offered_outcomes(definition_of(instance).nodes[item.node], instance.variables or {})
    free = item.status == ItemStatus.OPEN and is_within_reach(item, actor)
    return ItemPage(
        item=item,
        shown=_page(queries.get_candidacy(item.subject_id), actor),
        outcomes=[(outcome.code, pick(outcome.zh, outcome.en)) for outcome in offered],
        rules=RULES.choices(),
        may_act=free and not is_barred(item, actor),
        is_barred=is_barred(item, actor),
        evidence=_evidence_of(item.instance_id),
    )


def _evidence_of(instance_id: int) -> Sequence[Attachment]:
    requests = session.scalars(
        select(WorkItem.values).where(
            WorkItem.instance_id == instance_id,
            WorkItem.form_key == "recheck_request",
            WorkItem.status == ItemStatus.DONE,
        )
    )
    ids = [values["evidence"] for values in requests if values and isinstance(values.get("evidence"), int)]
    return list(attachments_by_id(ids).values())


def _page(candidacy: Candidacy, actor: Actor) -> CandidacyPage:
    region = get_region(candidacy.province_code)
    told = queries.standings_told([candidacy], actor)[candidacy.id]
    return CandidacyPage(
        candidacy=candidacy,
        standing=told,
        province=pick(region.name_zh, region.name_en),
        organisation=get_organisation(candidacy.organisation_id).name,
        verdicts=sorted(
            map(_verdict, queries.results_of(candidacy.id)), key=lambda verdict: verdict["status"] == "done"
        ),
        story=[_event(decision) for decision in queries.decisions_of(candidacy.id)],
        may_withdraw=queries.may_withdraw(candidacy, told=told, actor=actor),
    )


def _verdict(result: ScreeningResult) -> dict[str, Any]:
    """One rule's result as the macro ui.verdicts takes it: doubtful and failed ones first."""
    rule, found = RULES(result.rule), FINDINGS(result.finding)
    details = _details(result)
    return {
        "status": ICON_OF[result.result],
        "text": pick(f"{rule}：{found}", f"{rule}: {found}"),
        "small": details or None,
    }


def _details(result: ScreeningResult) -> str:
    """What the rule looked at, where that says more than its finding."""
    facts, join = result.facts, pick("、", ", ").join
    if result.rule == RuleCode.IN_PERIOD:
        days = [_day_words(facts[name]) for name in ("finished_on", "accepted_on", "period_from", "period_to")]
        return pick(
            f"完成{days[0]}，验收{days[1]}；评价期{days[2]}至{days[3]}",
            f"finished {days[0]}, accepted {days[1]}; period {days[2]} to {days[3]}",
        )
    if result.rule == RuleCode.PROVED:
        valid, government = facts["valid"], facts["government"]
        return pick(f"有效证明{valid}份，其中政府端{government}份", f"{valid} valid, {government} of a government")
    if result.rule == RuleCode.COMPLETE:
        return join(FIELDS(name) for name in facts["missing"])
    if result.rule == RuleCode.WITHIN_CAP and facts["cap"]:
        return pick(f"本省第{facts['rank']}项，上限{facts['cap']}项", f"no. {facts['rank']} of {facts['cap']} allowed")
    named = [name for value in facts.values() if isinstance(value, list) for name in value]
    return join(named)


def _day_words(text: str | None) -> str:
    return "—" if text is None else full_date(date.fromisoformat(text), current_locale())


def _event(decision: ScreeningDecision) -> dict[str, Any]:
    rule = RULES(decision.rule)
    return {
        "at": decision.at,
        "text": DECISIONS(f"{decision.step}.{decision.decision}"),
        "detail": " · ".join(part for part in (rule, decision.reason) if part) or None,
    }
