"""The end of a round: the result is published, everything is archived."""

from typing import Any

from app.accounts.queries import list_regions, user_ids_with_role
from app.accounts.vocabulary import Role
from app.announcements import queries, wording
from app.announcements.models import Announcement, RoundArchive
from app.announcements.publishing import path_of, publish
from app.announcements.rules import freeze_list, hash_text
from app.announcements.vocabulary import AnnouncementKind
from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.kernel.paging import MAX_LIMIT
from app.notifications.usecases import notify
from app.rounds.models import Round
from app.rounds.queries import get_round
from app.rounds.usecases import mark_archived, mark_published
from app.scoring.queries import latest_revision, list_revisions, result_of
from app.selection.queries import latest_minutes, list_draws, list_panels


def publish_ranking(*, round_id: int, actor: Actor) -> Announcement:
    """公布评价结果 with the frozen ranking of all provinces; the round stays as published (R-071, R-073)."""
    this, revision = get_round(round_id), latest_revision(round_id)
    names = {region.code: region.name_zh for region in list_regions()}
    rows = [
        {
            "rank": one.rank,
            "province": one.region_code,
            "name": names[one.region_code],
            "bonus": float(one.bonus),
            "deduction": float(one.deduction),
            "score": float(one.score),
        }
        for one in result_of(round_id)
    ]
    made = publish(
        kind=AnnouncementKind.RANKING,
        this=this,
        text=wording.ranking_text(name=this.name, bonus_hash=revision.sha256 if revision else ""),
        actor=actor,
        listed={"round": this.name, "kind": "ranking", "items": rows},
    )
    mark_published(round_id=round_id, actor=actor)
    concerned = {*user_ids_with_role(Role.PROVINCE_CONTACT), *user_ids_with_role(Role.PROVINCE_LEADER)}
    if concerned:
        notify(user_ids=concerned, kind="results_published", params={"round": this.name}, link=path_of(made))
    return made


def archive_round(*, round_id: int, actor: Actor) -> RoundArchive:
    """归档: the complete elements of the round with their hashes, frozen themselves (Annex 3). Names nobody."""
    this = get_round(round_id)
    text, digest = freeze_list(_elements(this))
    archive = RoundArchive(round_id=round_id, content_json=text, sha256=digest, archived_at=clock.now())
    session.add(archive)
    mark_archived(round_id=round_id, actor=actor)
    record(
        action="announcements.archive_round",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"sha256": digest},
    )
    return archive


def _elements(this: Round) -> dict[str, Any]:
    return {
        "round": {
            "id": this.id,
            "name": this.name,
            "doc_no": this.doc_no,
            "period_from": this.period_from,
            "period_to": this.period_to,
            "parameters_sha256": this.parameters_hash,
        },
        "announcements": _announcements(this.id),
        "certificates": [
            {"number": one.number, "sha256": one.sha256, "revoked": one.revoked_at is not None}
            for one in queries.certificates_of(this.id)
        ],
        "bonus": [{"revision": one.revision, "sha256": one.sha256} for one in list_revisions(this.id)],
        "panels": _panels(this.id),
        "objections": dict(queries.count_objections(this.id)),
    }


def _announcements(round_id: int) -> list[dict[str, Any]]:
    found: list[Announcement] = []
    cursor: str | None = None
    while True:
        page = queries.list_announcements(round_id=round_id, cursor=cursor, limit=MAX_LIMIT)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "title": one.title,
            "document_number": one.document_number,
            "published_at": one.published_at,
            "body_sha256": hash_text(canonical_json(one.body)),
            "list_sha256": one.list_sha256,
        }
        for one in reversed(found)
    ]


def _panels(round_id: int) -> list[dict[str, Any]]:
    """Draws and minutes by their hashes; experts' names stay in the panel's own records."""
    return [
        {
            "name": panel.name,
            "draws": [
                {"attempt": draw.attempt, "pool_sha256": draw.pool_hash, "commitment": draw.commitment}
                for draw in list_draws(panel.id)
            ],
            "minutes_sha256": minutes.sha256 if (minutes := latest_minutes(panel.id)) else None,
        }
        for panel in list_panels(round_id)
    ]
