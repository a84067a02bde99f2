"""What is kept and who reads it: the full report, the frozen pool, single sheets, exports; figures of the stages."""

import orjson
import pytest

from app.attachments.usecases import bind_attachments
from app.candidacies.models import Candidacy
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.rounds.models import Round
from app.rounds.vocabulary import StageCode
from app.selection.models import Panel
from app.selection.pool import freeze_pool, rank_pool
from app.selection.progress import tell_panels, tell_pool
from app.selection.queries import list_review_seats
from app.selection.verification import verify_export
from app.selection.vocabulary import PanelStatus, ReviewStatus
from tests.factories.filings import upload
from tests.factories.selection import expert_person, open_items, person
from tests.selection.test_panel_flow import accept_all, act_on, declare_all, draw, reach_meeting
from tests.support.browser import sign_in


@pytest.fixture
def browse(app):
    """A signed-in browser of a person."""
    return lambda actor: sign_in(app.test_client(), actor.id)


def add_report(candidacy_id: int, actor) -> int:
    """A report bound to the filing of a candidacy."""
    report_id = upload(actor)
    filing_id = session.get_one(Candidacy, candidacy_id).filing_id
    with transaction():
        bind_attachments(ids=[report_id], owner_type="filing", owner_id=filing_id, actor=actor)
    return report_id


def test_e8_the_full_report_opens_for_its_experts_once_they_have_declared(running, browse):
    panel_id = draw(running)
    accept_all()
    seat = list_review_seats(panel_id)[0]
    path = f"/attachments/{add_report(seat.candidacy_id, running['manager'])}"
    expert = browse(person(seat.user_id))
    assert (expert.get(path).status_code, expert.get(f"{path}/view").status_code) == (404, 404)

    declare_all()

    assert expert.get(f"{path}/view").status_code == 200
    drawn = {one.user_id for one in list_review_seats(panel_id)}
    stranger = next(one for id_ in running.experts if (one := expert_person(id_)).id not in drawn)
    assert browse(stranger).get(path).status_code == 404
    assert browse(running["secretary"]).get(path).status_code == 404


def test_experts_read_a_copy_with_their_name_on_it_and_the_office_a_clean_one(running, browse):
    panel_id = draw(running)
    accept_all()
    declare_all()
    seat = list_review_seats(panel_id)[0]
    reader = person(seat.user_id)
    path = f"/attachments/{add_report(seat.candidacy_id, running['manager'])}"
    name = reader.name.encode("utf-16-be").hex().encode()

    copy = browse(reader).get(f"{path}/view")

    assert copy.mimetype == "application/pdf"
    assert name in copy.data
    assert name in browse(reader).get(path).data
    assert name not in browse(running["manager"]).get(path).data


def test_e8_the_full_report_stays_closed_to_one_who_recuses_himself(running, browse):
    panel_id = draw(running)
    accept_all()
    item = open_items(node="declare")[0]
    seat = next(one for one in list_review_seats(panel_id) if one.id == item.subject_id)
    path = f"/attachments/{add_report(seat.candidacy_id, running['manager'])}"

    act_on(item, person(item.assignee_id), "conflict", conflict_kind="COOP")

    session.expire_all()
    assert seat.status == ReviewStatus.VOID
    assert browse(person(seat.user_id)).get(path).status_code == 404


def test_e7_the_frozen_pool_is_read_with_its_hash_and_recomputed(running, browse):
    round_id = running.round_id
    path = f"/rounds/{round_id}/pool"
    with transaction():
        rank_pool(round_id=round_id)
    assert "名单尚未冻结" in browse(running["leader"]).get(path).text
    assert browse(running["manager"]).get(f"{path}.json").status_code == 404

    with transaction():
        sha256 = freeze_pool(round_id=round_id, actor=running["manager"]).sha256

    for who in ("manager", "supervisor", "leader"):
        assert sha256 in browse(running[who]).get(path).text
    assert verify_export(orjson.loads(browse(running["supervisor"]).get(f"{path}.json").data)) == []
    assert browse(running["secretary"]).get(path).status_code == 403


def test_single_sheets_open_to_members_after_the_lock_and_to_managers_after_the_closing(running, browse):
    panel_id = reach_meeting(running)
    path = f"/panels/{panel_id}/sheets"
    member = list_review_seats(panel_id)[0].user_id
    before = {who: browse(running[who]).get(path).status_code for who in ("manager", "secretary", "supervisor")}
    with transaction():
        session.get_one(Panel, panel_id).status = PanelStatus.CLOSED

    after = {who: browse(running[who]).get(path).status_code for who in ("manager", "secretary", "supervisor")}
    shown = browse(running["manager"]).get(path).text

    assert before == {"manager": 404, "secretary": 404, "supervisor": 404}
    assert after == {"manager": 200, "secretary": 404, "supervisor": 404}
    assert browse(person(member)).get(path).status_code == 200
    assert "第1份" in shown
    assert not [one for one in list_review_seats(panel_id) if person(one.user_id).name in shown]
    assert "查看评分表" in browse(running["manager"]).get(f"/panels/{panel_id}").text


def test_draws_and_scores_go_home_with_managers_and_supervision_only(running, browse):
    panel_id = reach_meeting(running)
    paths = (f"/panels/{panel_id}/draws/1.json", f"/panels/{panel_id}/scores.json")
    assert [browse(running["supervisor"]).get(path).status_code for path in paths] == [200, 404]
    with transaction():
        session.get_one(Panel, panel_id).status = PanelStatus.CLOSED

    exports = [orjson.loads(browse(running["manager"]).get(path).data) for path in paths]

    assert [verify_export(one) for one in exports] == [[], []]
    assert [browse(running["secretary"]).get(path).status_code for path in paths] == [403, 403]
    assert "下载抽取记录" not in browse(running["secretary"]).get(f"/panels/{panel_id}").text


def test_the_stage_pages_count_sheets_and_never_show_them(running, app):
    reach_meeting(running)
    evaluation_round = session.get_one(Round, running.round_id)

    with app.test_request_context():
        told = tell_panels(evaluation_round, StageCode.EXPERT_REVIEW, running["manager"])
        for_leader = tell_panels(evaluation_round, StageCode.PANEL, running["leader"])
        elsewhere = tell_panels(evaluation_round, StageCode.FILING, running["manager"])

    assert told.tables[0].rows[0][4] == "20/20"
    assert told.tables[0].hrefs != for_leader.tables[0].hrefs == [None]
    assert elsewhere is None


def test_the_stage_of_the_pool_tells_how_many_are_in(running, app):
    evaluation_round = session.get_one(Round, running.round_id)
    with app.test_request_context():
        assert tell_pool(evaluation_round, StageCode.POOL, running["manager"]) is None
        with transaction():
            rank_pool(round_id=running.round_id)
            freeze_pool(round_id=running.round_id, actor=running["manager"])

        told = tell_pool(evaluation_round, StageCode.POOL, running["manager"])

    assert [kpi["value"] for kpi in told.kpis] == [4, 4, 0]
