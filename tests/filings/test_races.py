"""Many at once: numbers stay unique, and one report is filed once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from app.filings.models import Filing
from app.filings.usecases import submit_filing
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import DomainError
from app.kernel.transaction import transaction
from tests.factories.filings import MORNING, draft


def submit_at_once(app, drafts) -> list[str]:
    """Submits all drafts in threads of their own; the number or the refusal's code of each."""

    def submit(one):
        filing_id, actor = one
        with app.app_context(), clock.at(MORNING):
            try:
                with transaction():
                    return submit_filing(
                        filing_id=filing_id, actor=actor, confirm=frozenset({"duplicate_suspected"})
                    ).number
            except DomainError as refused:
                return refused.code
            finally:
                session.remove()

    session.rollback()
    with ThreadPoolExecutor(len(drafts)) as pool:
        return list(pool.map(submit, drafts))


def test_numbers_are_unique_and_without_gaps_under_races(app, place):
    drafts = [
        (draft(place["filer"], text=str(n), title=f"第{n}个互不相同的成果题目").id, place["filer"]) for n in range(6)
    ]

    numbers = submit_at_once(app, drafts)

    assert sorted(numbers) == [f"鲁备2026-{n:04d}" for n in range(1, 7)]


def test_e1_of_the_same_report_submitted_at_once_one_stands(app, place):
    mine = draft(place["filer"], text="SAME").id
    theirs = draft(place["rival"], text="SAME", undertaker="江浦膜业有限公司", commissioner="江浦膜业有限公司").id

    answers = submit_at_once(app, [(mine, place["filer"]), (theirs, place["rival"])])

    assert sorted(answers)[0] == "duplicate_file"
    assert session.scalar(select(func.count()).select_from(Filing).where(Filing.status == "SUBMITTED")) == 1
