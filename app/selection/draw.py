"""The draw: conditions, commitment, witness, lots (E8; flows.md 10, steps 1 and 2)."""

import secrets
from collections.abc import Mapping
from typing import Any

import orjson

from app.audit.usecases import record
from app.experts.queries import ExpertProfile, list_experts, list_experts_for
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.kernel.errors import ConflictError, field_error
from app.processes.usecases import join_panel
from app.selection.facts import items_of, setting
from app.selection.lottery import (
    commitment_of,
    count_seats,
    fingerprint,
    limits_of,
    mix_seed,
    open_lots,
    seated_of,
    split_pool,
)
from app.selection.models import DrawRecord, Panel, PanelSeat
from app.selection.queries import get_panel, latest_draw, list_seats, seated_elsewhere
from app.selection.vocabulary import DRAW_ALGORITHM, PanelStatus, SeatKind, SeatStatus

SUBJECT = "panel"
PASSED = (SeatStatus.DECLINED, SeatStatus.EXPIRED)


def set_draw_rules(*, panel_id: int, wishes: Mapping[str, Any], barred: Mapping[str, str], actor: Actor) -> None:
    """The secretary's conditions over the round's parameters; InvalidError `experts_short` when no panel fits them.

    A secretary sets numbers, and recusals with reasons: nobody can be wished for (招标投标法实施条例 46).
    """
    panel = get_panel(panel_id)
    rules = complete_rules(panel, wishes)
    if rules["size"] % 2 == 0 or rules["size"] < 5:
        raise field_error("size", "panel_size_odd")
    rules["barred"] = dict(barred)
    panel.draw_rules, panel.size = rules, rules["size"]
    inputs = collect_inputs(panel)
    holders, _ = split_pool(inputs)
    limits = limits_of(inputs)
    places = count_seats(holders, limits, seated_of(inputs))
    if places < limits.size:
        raise field_error("size", "experts_short", n=places, size=limits.size)
    record(
        action="selection.set_draw_rules", actor=actor, object_type=SUBJECT, object_id=panel_id, detail={"rules": rules}
    )


def complete_rules(panel: Panel, wishes: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions with everything that was left out taken from the round."""
    defaults: dict[str, Any] = {
        "size": panel.size,
        "reserves": setting(panel.round_id, "panel.reserves"),
        "max_per_organisation": setting(panel.round_id, "panel.max_per_organisation"),
        "max_per_province": setting(panel.round_id, "panel.max_per_province"),
        "max_rounds_in_a_row": setting(panel.round_id, "panel.max_rounds_in_row"),
        "bar_item_provinces": False,
    }
    chosen = {key: wishes[key] for key in defaults if wishes.get(key) is not None}
    return {**defaults, **{key: value if isinstance(value, bool) else int(value) for key, value in chosen.items()}}


def collect_inputs(panel: Panel) -> dict[str, Any]:
    """Everything that the draw depends on, without names: rules, items, experts of the panel's industries."""
    rules = dict(panel.draw_rules or complete_rules(panel, {}))
    loads = seated_elsewhere(panel.round_id, panel.id)
    seats = list_seats(panel.id)
    seated = [seat for seat in seats if seat.status == SeatStatus.ACCEPTED]
    staying = list_experts([seat.expert_id for seat in seated], round_id=panel.round_id)
    return {
        "panel_id": panel.id,
        "rules": {key: value for key, value in rules.items() if key != "barred"},
        "barred": rules.get("barred", {}),
        "items": [
            {"candidacy": item.candidacy_id, "province": item.province, "organisations": sorted(item.organisations)}
            for item in items_of(panel.id)
        ],
        "experts": [
            _described(expert, loads.get(expert.id, 0))
            for expert in list_experts_for(panel.industries, round_id=panel.round_id)
        ],
        "seated": [
            {"id": e.id, "organisation": e.organisation_id, "province": e.province_code}
            for e in (staying[seat.expert_id] for seat in seated)
        ],
        "answered": sorted(seat.expert_id for seat in seats if seat.status in PASSED),
    }


def _described(expert: ExpertProfile, load: int) -> dict[str, Any]:
    return {
        "id": expert.id,
        "domains": list(expert.domains),
        "organisation": expert.organisation_id,
        "province": expert.province_code,
        "former": list(expert.former_organisation_ids),
        "recused": list(expert.recused_organisation_ids),
        "is_honest": expert.is_honest,
        "rounds_in_a_row": expert.rounds_in_a_row,
        "load": load,
        "capacity": expert.capacity,
    }


def commit_seed(*, panel_id: int, actor: Actor) -> DrawRecord:
    """Freezes the pool and binds a secret to it; the commitment is shown before anybody draws."""
    panel = get_panel(panel_id)
    join_panel(batch_id=panel.round_id, subject_type=SUBJECT, subject_ids=[panel.id], panel_id=panel.id)
    before = latest_draw(panel_id)
    inputs = collect_inputs(panel)
    pool_hash, secret = fingerprint(inputs), secrets.token_hex(32)
    draw = DrawRecord(
        panel_id=panel_id,
        attempt=1 if before is None else before.attempt + 1,
        algorithm=DRAW_ALGORITHM,
        inputs=canonical_json(inputs),
        pool_hash=pool_hash,
        secret=secret,
        commitment=commitment_of(secret, pool_hash),
        committed_at=clock.now(),
        committed_by=actor.id,
    )
    session.add(draw)
    panel.status = PanelStatus.COMMITTED
    record(
        action="selection.commit_seed",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"attempt": draw.attempt, "commitment": draw.commitment, "pool_hash": pool_hash},
    )
    return draw


def witness_draw(*, panel_id: int, number: str, actor: Actor) -> None:
    """The witness adds a number of his own; without one, his account and the second of his click are the number."""
    draw = open_draw(panel_id)
    draw.witness_number = number.strip()[:40] or f"{actor.id}-{clock.now():%Y%m%d%H%M%S}"
    draw.witness_id, draw.witness_name = actor.id, actor.name


def stop_draw(*, panel_id: int, reason: str, actor: Actor) -> None:
    """The witness stops the draw; the attempt stays in the record with his reason."""
    draw = open_draw(panel_id)
    draw.stopped_reason = reason.strip()
    draw.witness_id, draw.witness_name = actor.id, actor.name
    record(
        action="selection.stop_draw",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"attempt": draw.attempt, "reason": draw.stopped_reason},
    )


def draw_experts(*, panel_id: int, actor: Actor) -> DrawRecord:
    """Opens the lots over the committed pool; seats the members and the reserves (E8).

    ConflictError `experts_short` when no panel of this size exists.
    """
    draw = open_draw(panel_id)
    inputs = orjson.loads(draw.inputs)
    holders, excluded = split_pool(inputs)
    seed = mix_seed(draw.secret, draw.witness_number or "", draw.pool_hash)
    drawn = open_lots(holders, limits_of(inputs), seed, seated_of(inputs))
    if drawn is None:
        raise ConflictError("experts_short", n=count_seats(holders, limits_of(inputs)), size=inputs["rules"]["size"])
    draw.seed, draw.drawn_at = seed, clock.now()
    draw.result = {
        "members": list(drawn.members),
        "reserves": list(drawn.reserves),
        "excluded": {str(expert_id): reason for expert_id, reason in excluded.items()},
    }
    _seat(draw, drawn.members, drawn.reserves)
    get_panel(panel_id).status = PanelStatus.DRAWN
    record(
        action="selection.draw_experts",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"attempt": draw.attempt, "seed": seed, "pool": len(inputs["experts"]), "excluded": len(excluded)},
    )
    return draw


def _seat(draw: DrawRecord, members: tuple[int, ...], reserves: tuple[int, ...]) -> None:
    panel = get_panel(draw.panel_id)
    for old in list_seats(panel.id, SeatStatus.WAITING):
        old.status = SeatStatus.DISCARDED
    profiles = list_experts([*members, *reserves], round_id=panel.round_id)
    for position, expert_id in enumerate((*members, *reserves), start=1):
        is_member = position <= len(members)
        session.add(
            PanelSeat(
                panel_id=panel.id,
                draw_id=draw.id,
                expert_id=expert_id,
                user_id=profiles[expert_id].user_id,
                position=position,
                kind=SeatKind.MEMBER if is_member else SeatKind.RESERVE,
                status=SeatStatus.INVITED if is_member else SeatStatus.WAITING,
            )
        )


def open_draw(panel_id: int) -> DrawRecord:
    """The committed attempt that has been neither drawn nor stopped; ConflictError `draw_closed` when there is none."""
    draw = latest_draw(panel_id)
    if draw is None or draw.seed is not None or draw.stopped_reason is not None:
        raise ConflictError("draw_closed")
    return draw
