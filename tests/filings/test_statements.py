"""What filing a result costs: the demo files 1,200 of them, a country in its last days many more."""

import pytest

from app.filings.usecases import create_draft, submit_filing
from app.filings.vocabulary import Question
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories.filings import report_values, submitted, upload
from tests.support.statements import watch_statements

QUESTIONS = frozenset(question.value for question in Question)


@pytest.mark.parametrize("earlier", [1, 3])
def test_drafting_and_submitting_asks_no_more_when_more_filings_stand(place, engine, earlier):
    for number in range(earlier):
        submitted(place["filer"], confirm=QUESTIONS, text=f"EARLIER {number}")
    values = report_values(place["filer"], text="NEW")
    session.remove()

    with watch_statements(engine) as drafting, transaction():
        made = create_draft(kind="report", values=values, actor=place["filer"])
    with watch_statements(engine) as submitting, transaction():
        submit_filing(filing_id=made.id, actor=place["filer"], confirm=QUESTIONS)

    assert len(drafting) <= 12, drafting.sent
    # 37, and a few more where the garbage collector took a row that is asked for again
    assert len(submitting) <= 41, submitting.sent


@pytest.mark.parametrize("scans", [1, 3])
def test_files_are_bound_together_however_many_proofs_there_are(place, engine, scans):
    proofs = [
        {
            "end": "ENT",
            "type": "PRODUCT",
            "level": "UNIT",
            "issuer": "应用单位",
            "issued_on": "2026-05-01",
            "file": upload(place["filer"], f"SCAN {number}", "证明.pdf"),
        }
        for number in range(scans)
    ]
    values = report_values(place["filer"], proofs=proofs)
    session.remove()

    with watch_statements(engine) as drafting, transaction():
        create_draft(kind="report", values=values, actor=place["filer"])

    bound = [one for one in drafting.sent if one.startswith("SELECT") and "FROM attachment" in one]
    assert len(bound) <= 3
