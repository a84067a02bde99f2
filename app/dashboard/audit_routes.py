"""The audit administrator's log: search, export, verification of the chain."""

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.audit import sealing
from app.audit.queries import EntryFilters, list_actions
from app.audit.usecases import record
from app.dashboard.acts import ACTS, detail_text
from app.dashboard.log import iterate_log, read_log
from app.kernel import clock
from app.kernel.db import canonical_json
from app.kernel.errors import field_error
from app.kernel.transaction import transaction
from app.web.person import current_actor, require_role
from app.web.shell import notify

blueprint = Blueprint("audit_log", __name__, template_folder="templates", url_prefix="/audit-log")
FILTERS = ("actor", "action", "object_type", "object_id", "since", "until")
MOST_EXPORTED = 50_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would be run by a spreadsheet."""


@blueprint.get("")
@require_role("audit_admin")
def index() -> str:
    """Entries by person, act, object and day, the newest first."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    page = read_log(_filters(asked), cursor=request.args.get("cursor") or None)
    wanted = {name: value for name, value in asked.items() if value}
    further: dict[str, Any] = {**wanted, "cursor": page.next}
    return render_template(
        "dashboard/audit_log.html",
        lines=page.items,
        asked=asked,
        actions=sorted(((action, ACTS(action)) for action in list_actions()), key=lambda one: one[1]),
        act_word=ACTS,
        seal=sealing.last_seal(),
        details={line.entry.id: detail_text(line.entry.detail) for line in page.items},
        next_href=url_for("audit_log.index", **further) if page.next else None,
        export_href=url_for("audit_log.export", **wanted),  # type: ignore[arg-type]  # filters are texts
    )


@blueprint.get("/export.csv")
@require_role("audit_admin")
def export() -> Response:
    """The entries found as CSV; the export itself is recorded."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["id", "at", "actor_id", "actor", "action", "object_type", "object_id", "detail", "request_id", "hash"]
    )
    count = 0
    for line in iterate_log(_filters(asked), limit=MOST_EXPORTED):
        count += 1
        entry = line.entry
        cells = [line.actor_name, entry.action, entry.object_type, entry.object_id, canonical_json(entry.detail)]
        writer.writerow(
            [entry.id, entry.at.isoformat(), line.actor_id, *map(_plain, cells), entry.request_id, entry.hash]
        )
    with transaction():
        record(
            action="audit.export_entries",
            actor=current_actor(),
            object_type="audit_log",
            object_id="csv",
            detail={"entries": count, **{name: value for name, value in asked.items() if value}},
        )
    name = f"audit-{clock.today():%Y%m%d}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@blueprint.post("/verify")
@require_role("audit_admin")
def verify() -> str | Response:
    """Recomputes the whole chain."""
    faults = sealing.verify()
    with transaction():
        record(
            action="audit.verify_chain",
            actor=current_actor(),
            object_type="audit_log",
            object_id="chain",
            detail={"faults": len(faults)},
        )
    if not faults:
        notify(_("日志链核验通过，没有发现改动。"))
        return redirect(url_for("audit_log.index"))
    return render_template("dashboard/audit_faults.html", faults=faults[:200], count=len(faults))


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _filters(asked: dict[str, str]) -> EntryFilters:
    until = _day("until", asked["until"])
    return EntryFilters(
        actor_name=asked["actor"] or None,
        action=asked["action"] or None,
        object_type=asked["object_type"] or None,
        object_id=asked["object_id"] or None,
        since=_day("since", asked["since"]),
        until=until + timedelta(days=1) if until else None,
    )


def _day(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, in Beijing
    except ValueError as error:
        raise field_error(name, "date_invalid", label=name) from error
    return datetime.combine(day, time.min, clock.BEIJING)
