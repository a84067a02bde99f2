"""Every figure equals the length of the list behind it, for the province and for the nation."""

import re

import pytest

from app.candidacies.models import Candidacy
from app.dashboard.queries import read_board
from app.dashboard.vocabulary import Measure
from app.filings.models import Filing
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.dashboard.conftest import LATER, everybody, file_results
from tests.factories.candidacies import make_candidacy, make_filing
from tests.factories.filings import JIANGSU, SHANDONG, decide, draft, make_round


@pytest.fixture
def spread(place):
    """Filings at every place of the road, in two provinces; the first ones are late."""
    ids = file_results(place, 4)
    decide(ids[0], place["province"], "approve", opinion="同意")
    decide(ids[0], place["national"], "approve", opinion="同意")
    decide(ids[1], place["province"], "approve", opinion="同意")
    decide(ids[2], place["province"], "return_for_correction", opinion="请补充", reasons=["INCOMPLETE"])
    draft(place["filer"], title="未提交的草稿", text="DRAFT")
    make_filing(round_id=place.round_id, organisation_id=place.organisations["rival"].id, province_code=JIANGSU)
    candidacy = make_candidacy(round_id=place.round_id, organisation_id=place.organisations["filer"].id)
    with transaction():
        session.get_one(Candidacy, candidacy).standing = "in_pool"
    with clock.at(LATER):
        yield place


def counted(page) -> tuple[int, int]:
    """(what the list says it holds, how many rows it shows)."""
    html = page.get_data(as_text=True)
    total = int(re.search(r"共(\d+)件。", html).group(1))
    return total, len(re.findall(r'<td role="cell" class="wide">', html))


def test_every_figure_of_the_province_is_the_length_of_its_list(spread, browse):
    figures = read_board(round_id=spread.round_id, scope=frozenset({SHANDONG})).total()

    shown = {measure: counted(browse(spread["contact"], f"/board/filings/{measure}")) for measure in Measure}

    assert shown == {measure: (figures[measure], figures[measure]) for measure in Measure}


def test_every_figure_of_the_nation_is_the_length_of_its_list(spread, browse):
    board = read_board(round_id=spread.round_id, scope=None)
    manager = everybody(spread)["manager"]

    shown = {measure: counted(browse(manager, f"/board/filings/{measure}")) for measure in Measure}
    jiangsu = {m: counted(browse(manager, f"/board/filings/{m}?province={JIANGSU}"))[0] for m in Measure}

    assert shown == {measure: (board.total()[measure], board.total()[measure]) for measure in Measure}
    assert jiangsu == {measure: board.of(JIANGSU)[measure] for measure in Measure}


def test_the_figures_tell_apart_where_filings_stand(spread):
    figures = read_board(round_id=spread.round_id, scope=frozenset({SHANDONG})).total()

    assert figures.drafts == 1
    assert {measure.value: figures[measure] for measure in Measure} == {
        "submitted": 5,
        "in_hand": 3,
        "late": 3,
        "province_late": 1,
        "returned": 1,
        "passed_province": 3,
        "passed_nation": 2,
        "filed": 2,
        "willing": 2,
        "pooled": 1,
        "funded": 4,
        "funded_filed": 1,
    }


def test_no_number_of_the_province_differs_from_the_national_one(spread):
    nation = read_board(round_id=spread.round_id, scope=None)
    province = read_board(round_id=spread.round_id, scope=frozenset({SHANDONG}))

    assert nation.of(SHANDONG) == province.total()


def test_the_figures_on_the_two_homes_are_the_same(spread, browse):
    manager = everybody(spread)["manager"]
    row = re.search(r"<b>山东省</b>.*?</tr>", browse(manager).get_data(as_text=True), re.DOTALL).group(0)
    national = [int(text) for text in re.findall(r">(\d+)</a>", row)]

    home = browse(spread["contact"]).get_data(as_text=True)
    own = [int(text) for text in re.findall(r'class="kpi[^>]*><span>[^<]*</span><b>(\d+)', home)]

    assert national[:2] == own[:2]
    assert own == [5, 3, 2, 2, 1]


def test_another_province_is_not_there(spread, browse):
    assert browse(spread["contact"], f"/board/filings/submitted?province={JIANGSU}").status_code == 404
    assert browse(spread["contact"], f"/board/stuck?province={JIANGSU}").status_code == 404


def test_who_has_no_board_is_refused(spread, browse):
    for name in ("filer", "city"):
        assert browse(spread[name], "/board/filings/submitted").status_code == 403


def test_an_unknown_measure_is_not_there(spread, browse):
    assert browse(spread["contact"], "/board/filings/drafts").status_code == 404


def test_drafts_are_counted_but_never_listed(spread, browse):
    pages = [browse(spread["contact"], "/"), browse(everybody(spread)["manager"], "/")]
    pages += [browse(spread["contact"], f"/board/filings/{measure}") for measure in Measure]

    assert not any("未提交的草稿" in page.get_data(as_text=True) for page in pages)


def test_the_round_before_stands_beside(spread, browse):
    with transaction():
        later = make_round(2027).id
    moved = file_results(spread, 1, filer="client")[0]
    with transaction():
        session.get_one(Filing, moved).round_id = later

    board = read_board(round_id=later, scope=frozenset({SHANDONG}))

    assert board.total()[Measure.SUBMITTED] == 1
    assert board.before()[Measure.SUBMITTED] == 5
