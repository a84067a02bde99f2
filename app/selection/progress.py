"""What the selection says on the manager's pages of its stages: the pool, and how far each panel is, in counts."""

from collections.abc import Sequence

from app.accounts.vocabulary import Role
from app.kernel.actor import Actor
from app.rounds.board import Contribution, Table
from app.rounds.models import Round
from app.rounds.vocabulary import StageCode
from app.selection.showing import show_pool
from app.selection.views import OFFICE, PanelLine, list_panel_lines
from app.selection.vocabulary import PanelStatus
from app.selection.words import words
from app.web.locale import pick

PANEL_STAGES = (StageCode.EXPERT_REVIEW, StageCode.PANEL, StageCode.PROPOSAL)
POOL_READERS = (Role.MANAGER, Role.SUPERVISOR, Role.LEADER)


def tell_pool(evaluation_round: Round, code: str, actor: Actor) -> Contribution | None:
    """On the page of the pool's stage: how many are in, and where the frozen list is read."""
    if code != StageCode.POOL:
        return None
    pool = show_pool(evaluation_round.id)
    if pool is None:
        return None
    href = f"/rounds/{evaluation_round.id}/pool" if actor.has_role(*POOL_READERS) else None
    total, changed = len(pool.entries), sum(bool(entry.manual_reason) for entry, _ in pool.entries)
    return Contribution(
        forecast=pick(
            f"备选案例库已冻结：{total}件参加排序，入库{pool.pooled}件。",
            f"The pool is frozen: {pool.pooled} of {total} ranked items are in.",
        ),
        kpis=[
            _kpi("参加排序", "Ranked", total, href),
            _kpi("入库", "In the pool", pool.pooled, href),
            _kpi("个别调整", "Changed by hand", changed, href),
        ],
    )


def tell_panels(evaluation_round: Round, code: str, actor: Actor) -> Contribution | None:
    """On the pages of review, meeting and proposal: the panels with their states; sheets are counted, never shown."""
    lines = list_panel_lines(evaluation_round.id) if code in PANEL_STAGES else []
    if not lines:
        return None
    sheets, seats = sum(line.sheets for line in lines), sum(line.seats for line in lines)
    closed = sum(line.panel.status == PanelStatus.CLOSED for line in lines)
    href = "/panels" if actor.has_role(*OFFICE) else None
    return Contribution(
        forecast=pick(
            f"{len(lines)}个评审组，已交评分{sheets}份，共{seats}份；{closed}个组已结束评审。",
            f"{len(lines)} panels, {sheets} of {seats} score sheets handed in; {closed} panels have closed.",
        ),
        kpis=[
            _kpi("评审组", "Panels", len(lines), href),
            _kpi("评审成果", "Items under review", sum(line.items for line in lines), href),
            _kpi("已交评分", "Sheets handed in", sheets, href),
            _kpi("待交评分", "Sheets to come", seats - sheets, href),
            _kpi("已结束的评审组", "Panels closed", closed, href),
        ],
        tables=[_table(lines, opens=href is not None)],
    )


def _table(lines: Sequence[PanelLine], *, opens: bool) -> Table:
    return Table(
        title=pick("各评审组", "Panels"),
        note=pick("评分只计份数", "sheets are only counted"),
        columns=[
            pick("评审组", "Panel"), pick("状态", "Status"), pick("成果", "Results"), pick("专家", "Experts"),
            pick("已交评分", "Sheets handed in"),
        ],
        rows=[
            [
                line.panel.name, words("panel", line.panel.status), str(line.items),
                f"{line.members}/{line.panel.size}", f"{line.sheets}/{line.seats}",
            ]
            for line in lines
        ],
        hrefs=[f"/panels/{line.panel.id}" if opens else None for line in lines],
        total=len(lines),
    )  # fmt: skip


def _kpi(zh: str, en: str, value: int, href: str | None) -> dict[str, object]:
    return {"label": pick(zh, en), "value": value, "href": href}
