"""Rounds as the JSON API tells them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from app.rounds.board import Load, load_by_step
from app.rounds.models import Round
from app.rounds.queries import view_round
from app.rounds.road import NODES
from app.rounds.vocabulary import StageCode
from app.web.locale import pick

ROAD = "evaluation_round"
STAGE_OF_NODE = {node: code for code, nodes in reversed(NODES.items()) for node in nodes}
STAGE_OF_STEP = {("award_candidacy", "low_sample"): StageCode.POOL}
STAGE_OF_PROCESS = {
    "award_candidacy": StageCode.SCREENING,
    "expert_review": StageCode.EXPERT_REVIEW,
    "filing": StageCode.FILING,
    "objection": StageCode.PUBLIC_NOTICE,
    "panel_action": StageCode.PANEL,
    "panel_meeting": StageCode.PANEL,
    "rating": StageCode.RATING,
}
"""The stage to which the work of a process counts, where its item names none itself."""


def describe_round(found: Round) -> dict[str, Any]:
    """A round without its stages."""
    return {
        "id": found.id,
        "programme": found.programme_code,
        "name": found.name,
        "doc_no": found.doc_no,
        "status": found.status,
        "starts_on": found.starts_on,
        "period_from": found.period_from,
        "period_to": found.period_to,
        "publish_at": found.publish_at,
        "parameters": found.parameters,
        "parameters_hash": found.parameters_hash,
        "instance_id": found.instance_id,
    }


def describe_stages(found: Round) -> list[dict[str, Any]]:
    """The stages in order with their windows and work items."""
    loads = _loads(found.id)
    return [
        {
            "code": stage.code,
            "name": pick(stage.plan.name_zh, stage.plan.name_en),
            "status": stage.status,
            "opens_at": stage.opens_at,
            "closes_at": stage.shown_end,
            "counts": {"open": load.open, "overdue": load.late, "done": load.done},
        }
        for stage in view_round(found)
        for load in [loads[stage.code]]
    ]


def _loads(round_id: int) -> Mapping[str, Load]:
    """The work of each stage: by the stage that an item names, else by its step, else by its process."""
    loads: dict[str, Load] = defaultdict(Load)
    for (stage_code, process, node), load in load_by_step(round_id).items():
        stage = stage_code or _stage_of(process, node)
        if stage is not None:
            sum_ = loads[stage]
            loads[stage] = Load(sum_.open + load.open, sum_.late + load.late, sum_.done + load.done)
    return loads


def _stage_of(process: str, node: str) -> str | None:
    if process == ROAD:
        return STAGE_OF_NODE.get(node)
    return STAGE_OF_STEP.get((process, node)) or STAGE_OF_PROCESS.get(process)
