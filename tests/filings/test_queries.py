"""Lists, scopes and the status that readers see."""

import pytest
from sqlalchemy import event

from app.filings.models import Filing
from app.filings.queries import (
    counts_by_status,
    filings_willing,
    get_filing,
    list_filings,
    organisation_ids_of,
    parties_of,
    visible_filing,
)
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from tests.factories.filings import JIANGSU, SHANDONG, decide, draft, submitted

TITLES = ("光电线缆专利导航项目", "高位仓储式叉车关键技术", "特种润滑油合成酯", "花岗岩结构件产业")


@pytest.fixture
def filings(place):
    """A draft and four submitted ones: in provincial and national audit, returned, and filed; one of Jiangsu."""
    made = {"draft": draft(place["filer"], text="0")}
    for number, name in enumerate(("provincial", "national", "returned", "filed")):
        made[name] = submitted(place["filer"], text=str(number + 1), title=TITLES[number])
    decide(made["national"].id, place["province"], "approve")
    decide(made["returned"].id, place["province"], "return_for_correction", reasons=["SEAL"], opinion="补章")
    decide(made["filed"].id, place["province"], "approve")
    decide(made["filed"].id, place["national"], "approve")
    parties = {"commissioner": "江浦膜业有限公司", "undertaker": "江浦膜业有限公司"}
    made["abroad"] = submitted(place["rival"], text="9", title="膜业专利导航分析报告", **parties)
    return {name: filing.id for name, filing in made.items()}


def seen(actor, **filters):
    return {line.filing.id: line.status for line in list_filings(actor=actor, **filters).items}


def test_the_filer_sees_all_of_the_own_organisation_with_who_has_it(place, filings):
    assert seen(place["filer"]) == {
        filings["draft"]: "DRAFT",
        filings["provincial"]: "PROV_REVIEW",
        filings["national"]: "NAT_REVIEW",
        filings["returned"]: "RETURNED",
        filings["filed"]: "FILED",
    }


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("province", {"provincial", "national", "returned", "filed"}),
        ("contact", {"provincial", "national", "returned", "filed"}),
        ("jiangsu", {"abroad"}),
        ("national", {"provincial", "national", "returned", "filed", "abroad"}),
        ("city", set()),
        ("client", set()),
        ("rival", {"abroad"}),
    ],
)
def test_scope_stands_in_the_query(place, filings, who, names):
    assert set(seen(place[who])) == {filings[name] for name in names}
    for name, filing_id in filings.items():
        if name in names:
            assert visible_filing(filing_id=filing_id, actor=place[who]).id == filing_id
        else:
            with pytest.raises(NotFoundError):
                visible_filing(filing_id=filing_id, actor=place[who])


def test_without_a_role_nothing_is_there(place, filings):
    assert seen(Actor(id=999, name="路人")) == {}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"q": "叉车"}, {"national"}),
        ({"q": "鲁备2026-0001"}, {"provincial"}),
        ({"q": "ba-2026"}, {"filed"}),
        ({"q": "江浦"}, {"abroad"}),
        ({"q": "100%"}, set()),
        ({"status": "SUBMITTED"}, {"provincial", "national", "returned", "abroad"}),
        ({"status": "PROV_REVIEW"}, {"provincial", "abroad"}),
        ({"status": "RETURNED"}, {"returned"}),
        ({"status": "FILED"}, {"filed"}),
        ({"kind": "tool"}, set()),
        ({"province": JIANGSU}, {"abroad"}),
        ({"province": SHANDONG, "status": "NAT_REVIEW"}, {"national"}),
        ({"round_id": 0}, set()),
    ],
)
def test_filters_narrow_the_list(place, filings, filters, names):
    assert set(seen(place["national"], **filters)) == {filings[name] for name in names}


def test_paging_by_key_shows_every_filing_once(place, filings):
    page, ids = None, []
    while page is None or page.next:
        page = list_filings(actor=place["national"], limit=2, cursor=page.next if page else None)
        ids += [line.filing.id for line in page.items]

    assert ids == sorted((one for name, one in filings.items() if name != "draft"), reverse=True)


def test_a_cursor_of_others_is_refused(place):
    with pytest.raises(InvalidError):
        list_filings(actor=place["filer"], cursor="xx")


def test_a_list_takes_one_statement_however_long(place, filings, engine):
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    list_filings(actor=place["national"])

    assert len([one for one in statements if one.startswith("SELECT")]) == 1


def test_counts_by_status_agree_with_the_list(place, filings):
    assert counts_by_status(actor=place["filer"], round_id=None) == {
        "DRAFT": 1,
        "PROV_REVIEW": 1,
        "NAT_REVIEW": 1,
        "RETURNED": 1,
        "FILED": 1,
    }
    assert counts_by_status(actor=place["national"], round_id=place.round_id)["PROV_REVIEW"] == 2


def test_r063_only_filed_reports_whose_owner_is_willing_stand_for_the_award(place, filings):
    assert [one.id for one in filings_willing(place.round_id)] == [filings["filed"]]
    with transaction():
        get_filing(filings["filed"]).is_willing = False
    assert filings_willing(place.round_id) == []


def test_filer_and_known_parties_must_not_judge_the_filing(place, filings):
    assert organisation_ids_of(filings["filed"]) == {
        place.organisations["filer"].id,
        place.organisations["client"].id,
    }
    assert {party.role for party in parties_of([filings["filed"]])[filings["filed"]]} == {"COMMISSIONER", "UNDERTAKER"}


def test_a_filing_that_is_not_there_is_not_found(place):
    assert session.get(Filing, 12345) is None
    with pytest.raises(NotFoundError):
        get_filing(12345)
