"""Forming panels (flows.md 6, `form_panels`)."""

from collections import Counter
from collections.abc import Sequence

from app.audit.usecases import record
from app.domains.queries import list_domains
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, field_error
from app.processes.usecases import join_panel
from app.selection.facts import candidacies_by_id, setting
from app.selection.grouping import group_items
from app.selection.models import Panel, PanelItem
from app.selection.queries import list_panels, list_pool
from app.selection.reading import PanelWish

CANDIDACY = "candidacy"


def propose_panels(*, round_id: int) -> list[PanelWish]:
    """Panels of like domains, evenly filled, as few as hold the pool (15 to 25 items each)."""
    pool = list_pool(round_id, only_in=True)
    groups = group_items(
        {entry.candidacy_id: entry.domain_code for entry in pool}, most=int(setting(round_id, "panel.items_max"))
    )
    names = {domain.code: domain.name_zh.removesuffix("产业") for domain in list_domains(level=1)}
    heads = Counter(group.domains[0] for group in groups)
    used: Counter[str] = Counter()
    wishes = []
    for group in groups:
        head = group.domains[0]
        used[head] += 1
        suffix = f"第{used[head]}" if heads[head] > 1 else ""
        wishes.append(PanelWish(f"{names.get(head, head)}{suffix}评审组", None, group.items))
    return wishes


def form_panels(*, round_id: int, wishes: Sequence[PanelWish], actor: Actor) -> list[Panel]:
    """Sets the panels up; every item of the pool stands before exactly one, else its candidacy would wait for ever."""
    if list_panels(round_id):
        raise ConflictError("panels_formed")
    chosen = list(wishes) or propose_panels(round_id=round_id)
    ensure_each_item_once(round_id, chosen)
    panels = [_form(round_id, number, wish) for number, wish in enumerate(chosen, start=1)]
    record(
        action="selection.form_panels",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"panels": [{"id": panel.id, "size": panel.size} for panel in panels]},
    )
    return panels


def ensure_each_item_once(round_id: int, wishes: Sequence[PanelWish]) -> None:
    """InvalidError at 'panels' when an item is missing, given twice, or not in the pool."""
    counts = Counter(item for wish in wishes for item in wish.candidacy_ids)
    pool = {entry.candidacy_id for entry in list_pool(round_id, only_in=True)}
    wrong = [item for item, count in counts.items() if count > 1 or item not in pool]
    missing = pool.difference(counts)
    if wrong or missing or not all(wish.candidacy_ids for wish in wishes):
        raise field_error("panels", "panels_not_exact", missing=len(missing), wrong=len(wrong))


def _form(round_id: int, number: int, wish: PanelWish) -> Panel:
    size = wish.size or int(setting(round_id, "panel.size"))
    if size % 2 == 0 or not 5 <= size <= 15:
        raise field_error("panels", "panel_size_odd")
    candidacies = candidacies_by_id(wish.candidacy_ids)
    industries = Counter(candidacy.domain_code.partition(".")[0] for candidacy in candidacies.values())
    panel = Panel(
        round_id=round_id,
        number=number,
        name=wish.name or f"第{number}评审组",
        industries=sorted(industries),
        size=size,
        draw_rules={},
    )
    session.add(panel)
    session.flush()  # the panel's id: for its items, and for the candidacies' instances
    session.add_all(PanelItem(candidacy_id=item, panel_id=panel.id) for item in sorted(wish.candidacy_ids))
    join_panel(batch_id=round_id, subject_type=CANDIDACY, subject_ids=sorted(wish.candidacy_ids), panel_id=panel.id)
    return panel
