"""The proposed list over all panels (flows.md 6, `compile` and `proposal`)."""

from collections.abc import Sequence
from fractions import Fraction

from app.audit.usecases import record
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import field_error
from app.selection.facts import setting, share_setting
from app.selection.meeting import contenders_of
from app.selection.models import PanelItem, ProposalEntry
from app.selection.queries import list_panel_items, list_panels, list_proposal
from app.selection.ranking import Listed, Ranked, list_by_quota, rank_contenders
from app.selection.reading import ListChange
from app.selection.rules import is_carried
from app.selection.telling import tell_supervisors
from app.selection.vocabulary import ProposalReason


def compile_proposal(*, round_id: int) -> int:
    """Ranks all panels' items together and lists the first by quota; returns how many are listed (E8).

    Compiling again starts afresh: deviations belong to the list they were made on.
    """
    items = [item for panel in list_panels(round_id) for item in list_panel_items(panel.id)]
    ranked = {place.id: place for place in rank_contenders(contenders_of(items))}
    majority = share_setting(round_id, "meeting.majority")
    listed = {
        place.id: place
        for place in list_by_quota(
            list(ranked.values()), quota=int(setting(round_id, "awards.count")), is_carried=_carried(items, majority)
        )
    }
    for old in list_proposal(round_id):
        session.delete(old)
    session.flush()  # the old rows leave before new ones take their ids
    for item in items:
        session.add(_entry(round_id, item, ranked.get(item.candidacy_id), listed.get(item.candidacy_id)))
    return sum(place.listed for place in listed.values())


def _carried(items: Sequence[PanelItem], majority: Fraction) -> dict[int, bool]:
    return {item.candidacy_id: is_carried(item.recommend_share, majority) for item in items}


def _entry(round_id: int, item: PanelItem, place: Ranked | None, listed: Listed | None) -> ProposalEntry:
    by_quota = listed is not None and listed.listed
    return ProposalEntry(
        candidacy_id=item.candidacy_id,
        round_id=round_id,
        panel_id=item.panel_id,
        score=item.score,
        rank=None if place is None else place.rank,
        tie_step=None if place is None else place.tie_step,
        by_quota=by_quota,
        listed=by_quota,
        reason=ProposalReason.UNRANKED if listed is None else listed.reason,
        deviation_reason="",
    )


def decide_proposal(*, round_id: int, changes: Sequence[ListChange], actor: Actor) -> int:
    """The manager's list; every deviation from the experts' ranking needs a reason that is printed (E8).

    Returns how many are listed. InvalidError `too_many_listed` above the number of awards.
    """
    entries = {entry.candidacy_id: entry for entry in list_proposal(round_id)}
    for entry in entries.values():
        entry.listed, entry.deviation_reason, entry.changed_by = entry.by_quota, "", None
    deviations = [change for change in changes if _deviate(entries.get(change.candidacy_id), change, actor)]
    count = sum(entry.listed for entry in entries.values())
    quota = int(setting(round_id, "awards.count"))
    if count > quota:
        raise field_error("changes", "too_many_listed", n=count, quota=quota)
    if deviations:
        tell_supervisors("proposal_changed", round_id=round_id, count=len(deviations))
    record(
        action="selection.decide_proposal",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"listed": count, "deviations": len(deviations)},
    )
    return count


def _deviate(entry: ProposalEntry | None, change: ListChange, actor: Actor) -> bool:
    if entry is None:
        raise field_error("changes", "choice_unknown")
    if entry.by_quota == change.listed:
        return False
    if not change.reason.strip():
        raise field_error("changes", "reason_needed", title=change.candidacy_id)
    entry.listed, entry.deviation_reason, entry.changed_by = change.listed, change.reason.strip(), actor.id
    return True


def read_proposal(*, candidacy_id: int) -> bool:
    """Whether the candidacy stands on the list of the notice; its standing follows."""
    entry = session.get(ProposalEntry, candidacy_id)
    listed = entry is not None and entry.listed
    set_standing(candidacy_ids=[candidacy_id], standing=Standing.IN_NOTICE if listed else Standing.NOT_SELECTED)
    return listed
