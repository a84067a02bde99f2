"""Filed results and candidacies for tests."""

import itertools
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.accounts.usecases import load_regions
from app.candidacies.queries import candidacies_in
from app.candidacies.usecases import open_candidacies
from app.filings.models import ApplicationProof, Filing
from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_all
from app.processes.doors import Subject
from app.processes.usecases import start_instance
from tests.factories.rounds import deploy_forms_of, deploy_process

PROVINCE = "370000"
SUBMITTED = datetime(2026, 4, 10, 2, tzinfo=UTC)
_numbers = itertools.count(1)


def ready_screening() -> None:
    """Deploys the award's process with its forms and the table of the rules, and loads the regions."""
    deploy_forms_of("screening", "recheck_request", "recheck", "low_sample")
    with transaction():
        load_regions()
        deploy_all(diagrams=(), tables=[Path("workflows/screening_rules.dmn").read_bytes()], note="test", actor=SYSTEM)
    deploy_process(Path("workflows/award_candidacy.bpmn").read_bytes())


def make_filing(*, round_id: int, organisation_id: int, proofs: tuple[str, ...] = ("ENT",), **more: Any) -> int:
    """A filed, willing report without fault unless told otherwise; returns its id."""
    number = next(_numbers)
    with transaction():
        filing = Filing(
            **{
                "number": f"BA-2026-{number}",
                "kind": "report",
                "title": f"第{number}号产业专利导航",
                "report_type": "RND",
                "domain_code": "1.1",
                "round_id": round_id,
                "province_code": PROVINCE,
                "organisation_id": organisation_id,
                "filer_role": "UNDERTAKER",
                "is_willing": True,
                "finished_on": date(2025, 9, 1),
                "accepted_on": date(2025, 12, 1),
                "abstract": "摘要",
                "report_file_id": number,
                "report_sha256": f"{number:064x}",
                "values": {},
                "status": "FILED",
                "created_by": 1,
                "created_at": clock.now(),
                "submitted_at": SUBMITTED,
                **more,
            }
        )
        filing.proofs = [
            ApplicationProof(end=end, type="ADOPTED", level="CITY", issuer="某单位", is_valid=True) for end in proofs
        ]
        session.add(filing)
        session.flush()  # the id is what the test asked for
        return filing.id


def make_candidacy(*, round_id: int, organisation_id: int, **more: Any) -> int:
    """A candidacy that stands at its beginning; returns its id."""
    filing_id = make_filing(round_id=round_id, organisation_id=organisation_id, **more)
    with transaction():
        open_candidacies(round_id=round_id, actor=SYSTEM)
    return next(each.id for each in candidacies_in(round_id) if each.filing_id == filing_id)


def start_award(candidacy_id: int, *, round_id: int, organisation_id: int, actor: Actor = SYSTEM) -> int:
    """Starts the award's process for one candidacy, as the round's set call does."""
    with transaction():
        return start_instance(
            process="award_candidacy",
            subject=Subject("candidacy", candidacy_id),
            title="评优",
            actor=actor,
            batch_id=round_id,
            province_code=PROVINCE,
            organisation_id=organisation_id,
        )
