"""What ratings tell rooms below, and what raters never get."""

from app.accounts.vocabulary import Role
from app.attachments.usecases import bind_attachments
from app.candidacies.models import Candidacy
from app.filings.models import Filing
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.ratings.telling import level_of, percent, tell_feedback, tell_rating
from app.rounds.vocabulary import StageCode
from tests.factories.accounts import make_actor
from tests.factories.filings import upload
from tests.support.browser import sign_in
from tests.support.seats import seats_of_organisations


def filing_of(field) -> Filing:
    return session.get_one(Filing, session.get_one(Candidacy, field.candidacy_ids[0]).filing_id)


def test_r024_raters_get_the_rating_version_and_never_the_report(pushed, client):
    filing = filing_of(pushed)
    report_id, public_id = upload(pushed.filer, "the report"), upload(pushed.filer, "the rating version")
    with transaction():
        bind_attachments(ids=[report_id, public_id], owner_type="filing", owner_id=filing.id, actor=pushed.filer)
        filing.report_file_id, filing.public_file_id = report_id, public_id
    seat = seats_of_organisations(pushed.candidacy_ids[0])[0]

    rater = sign_in(client, pushed.raters[seat.organisation_id].id)

    paths = [f"/attachments/{report_id}", f"/attachments/{report_id}/view", f"/attachments/{public_id}"]
    assert [rater.get(path).status_code for path in paths] == [404, 404, 404]
    material = rater.get(f"/rating-seats/{seat.id}/material")
    assert material.status_code == 200
    assert b"the rating version" in material.data
    assert b"the report" not in material.data
    other_filer = make_actor(Role.FILER, scope_code="999")
    assert [sign_in(client, other_filer.id).get(path).status_code for path in paths] == [404, 404, 404]


def test_r026_a_filing_tells_its_filer_what_raters_need_without_names(pushed, rate, app):
    seat = rate(0, need="希望提供数据接口", suggestion="补充检索式")
    rater = pushed.raters[seat.organisation_id]

    with app.test_request_context():
        note = tell_feedback(filing_of(pushed), pushed.filer)
        for_rater = tell_feedback(filing_of(pushed), rater)

    assert sorted(line.text for line in note.lines) == ["希望提供数据接口", "补充检索式"]
    assert all(rater.name not in f"{line.text}{line.small}" for line in note.lines)
    assert for_rater is None


def test_the_stage_page_lists_items_below_the_quorum_and_rates_by_province(pushed, rate, app):
    rate(0)

    with app.test_request_context():
        told = tell_rating(pushed.round, StageCode.RATING, make_actor(Role.MANAGER))
        elsewhere = tell_rating(pushed.round, StageCode.PANEL, make_actor(Role.MANAGER))

    assert told.tables[0].rows == [["海水淡化膜材料0产业规划专利导航", "1/15", "1", "1"]]
    assert told.kpis[3]["value"] == percent(1, 15)
    assert max(tile["level"] for tile in told.tiles.values()) >= 2
    assert elsewhere is None


def test_doubted_ratings_are_one_step_from_the_national_auditor(pushed, client):
    auditor = sign_in(client, make_actor(Role.NATIONAL_AUDITOR).id)

    assert "/doubted-ratings" in auditor.get("/account").text
    assert "目前没有待核查的评价" in auditor.get("/doubted-ratings").text
    assert sign_in(client, make_actor(Role.MANAGER).id).get("/doubted-ratings").status_code == 403


def test_levels_of_tiles_rise_with_the_rate():
    assert [level_of(rate) for rate in (0, 19, 20, 59, 100)] == [1, 1, 2, 3, 5]
    assert percent(1, 0) == 0
