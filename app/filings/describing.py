"""Filings as the JSON API tells them."""

from typing import Any

from app.accounts.queries import names_of_organisations
from app.filings.models import Filing
from app.filings.queries import ListedFiling, status_of
from app.filings.vocabulary import SUBJECT
from app.kernel.db import session
from app.processes.queries import get_history
from app.web.shell import step_name


def describe_filing(filing: Filing) -> dict[str, Any]:
    """A filing with its values, as it stands after what was just done to it."""
    session.flush()  # the status that readers see is read from the filing's row
    names = names_of_organisations([filing.organisation_id])
    listed = ListedFiling(filing, names.get(filing.organisation_id, ""), status_of(filing))
    return {**describe_listed(listed), "values": filing.values, "instance_id": filing.instance_id}


def describe_listed(row: ListedFiling) -> dict[str, Any]:
    """A filing as a line of a list."""
    filing = row.filing
    return {
        "id": filing.id,
        "number": filing.number,
        "status": row.status,
        "kind": filing.kind,
        "title": filing.title,
        "round": filing.round_id,
        "province": filing.province_code,
        "organisation": {"id": filing.organisation_id, "name": row.organisation_name},
        "revision": filing.revision,
        "submitted_at": filing.submitted_at,
        "decided_at": filing.decided_at,
    }


def describe_history(filing: Filing) -> list[dict[str, Any]]:
    """What happened to a filing, in order."""
    return [
        {
            "at": line.at,
            "kind": line.kind,
            "node": line.node,
            "node_name": step_name(line.node_name),
            "actor": line.actor_name,
            "outcome": line.outcome,
        }
        for line in get_history(subject_type=SUBJECT, subject_id=filing.id)
    ]
