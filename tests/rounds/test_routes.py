"""Pages of the rounds: who sees them, what they say, what they change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.accounts.usecases import load_regions
from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.rounds import board, queries
from app.rounds.board import Contribution, Table, register_contributors
from app.rounds.models import Round
from app.rounds.vocabulary import RoundStatus
from tests.factories.accounts import make_user
from tests.factories.rounds import PROGRAMME, make_round
from tests.rounds.test_usecases import BEFORE, IN_FILING, complete
from tests.support.browser import sign_in


@pytest.fixture
def manager(app):
    from app.accounts.queries import actor_of  # noqa: PLC0415

    with clock.at(BEFORE), transaction():
        load_regions()
    with clock.at(BEFORE):
        yield actor_of(make_user(Role.MANAGER))


@pytest.fixture
def round_id(manager):
    return make_round(manager=manager)


@pytest.fixture
def running(round_id, manager):
    complete(round_id, manager, "submit")
    with clock.at(IN_FILING):
        yield round_id


@pytest.fixture
def page(client, manager):
    return sign_in(client, manager.id)


def text_of(answer):
    return answer.get_data(as_text=True)


def test_the_list_shows_each_round_with_its_stage(running, page):
    html = text_of(page.get("/rounds"))

    assert "2026年度评价周期" in html
    assert "成果备案" in html


@pytest.mark.parametrize("path", ["/rounds/{}", "/rounds/{}/settings"])
def test_a_page_of_another_round_than_the_newest_speaks_of_its_own(running, page, path):
    page.post("/rounds/new", data={"programme": PROGRAMME, "name": "2027年度", "starts_on": "2027-03-01"})
    newest = queries.find_round_by_name("2027年度").id

    shell = text_of(page.get(path.format(newest))).split("<main")[0]

    assert "2027年度" in shell
    assert "2026年度评价周期" not in shell


def test_filers_have_no_door_to_the_rounds(running, client):
    stranger = sign_in(client, make_user(Role.FILER, scope_code="1").id)

    assert [stranger.get(path).status_code for path in ("/rounds", f"/rounds/{running}", "/rounds/new")] == [403] * 3


def test_a_leader_sees_the_stage_but_no_button(running, client):
    leader = sign_in(client, make_user(Role.LEADER).id)

    assert "提前结束" not in text_of(leader.get(f"/rounds/{running}"))
    assert leader.post(f"/rounds/{running}/stages/filing/close", data={"reason": "x"}).status_code == 403


def test_a_round_is_created_through_its_page(round_id, page):
    answer = page.post("/rounds/new", data={"programme": PROGRAMME, "name": "2027年度", "starts_on": "2027-03-01"})

    made = session.scalars(select(Round).where(Round.name == "2027年度")).one()
    assert (answer.status_code, answer.location) == (302, f"/rounds/{made.id}")


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [({"starts_on": ""}, "必填项"), ({"starts_on": "soon"}, "有效日期"), ({"name": ""}, "必填项")],
)
def test_a_form_that_breaks_a_rule_comes_back_with_the_sentence(round_id, page, wish, sentence):
    given = {"programme": PROGRAMME, "name": "2027年度", "starts_on": "2027-03-01", **wish}

    answer = page.post("/rounds/new", data=given)

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_the_stage_page_tells_stage_day_end_and_what_may_be_done(running, page):
    html = text_of(page.get(f"/rounds/{running}"))

    end = queries.stage_of(running, "filing").closes_at.astimezone(clock.BEIJING)
    for words in (
        "今天是4月1日",
        "第8个工作日，共60个",
        f"{end.month}月{end.day}日截止",
        "下一阶段：审核收尾",
        "延期",
        "提前结束",
    ):
        assert words in html


@pytest.mark.parametrize("code", ["setup", "annual_form", "push", "rating", "scoring", "archived"])
def test_every_stage_has_its_page(running, page, code):
    assert page.get(f"/rounds/{running}/stages/{code}").status_code == 200


def test_an_unknown_stage_or_round_has_none(running, page):
    assert page.get(f"/rounds/{running}/stages/nothing").status_code == 404
    assert page.get("/rounds/999").status_code == 404


def test_extending_asks_for_the_reason_and_publishes_the_notice(running, page):
    asked = page.get(f"/rounds/{running}/stages/filing/extend")
    refused = page.post(f"/rounds/{running}/stages/filing/extend", data={"until": "2026-07-10", "reason": ""})
    done = page.post(f"/rounds/{running}/stages/filing/extend", data={"until": "2026-07-10", "reason": "暴雨"})

    assert "公告文字" in text_of(asked)
    assert (refused.status_code, done.status_code) == (422, 302)
    assert "随变更公告一并公布" in text_of(refused)
    html = text_of(page.get(done.location))
    assert "延至2026年7月10日" in html
    assert "原因：暴雨" in html


def test_closing_early_ends_the_window(running, page):
    assert page.get(f"/rounds/{running}/stages/filing/close").status_code == 200
    page.post(f"/rounds/{running}/stages/filing/close", data={"reason": "已全部备案"})

    assert queries.stage_of(running, "filing").closes_at == IN_FILING
    assert "提前结束。" in text_of(page.get(f"/rounds/{running}"))


def test_settings_are_changed_in_set_up_and_frozen_afterwards(round_id, page, manager):
    html = text_of(page.get(f"/rounds/{round_id}/settings"))
    assert "每项成果推送单位数" in html

    from app.rounds.settings import SETTINGS  # noqa: PLC0415

    form = {key: setting.default for key, setting in SETTINGS.items() if not isinstance(setting.default, bool)}
    form |= {"aggregation.trimmed": "1", "awards.count": "80"}
    assert page.post(f"/rounds/{round_id}/settings", data={**form, "panel.size": "6"}).status_code == 422
    assert page.post(f"/rounds/{round_id}/settings", data={**form, "panel.items_min": "many"}).status_code == 422
    assert page.post(f"/rounds/{round_id}/settings", data=form).status_code == 302

    parameters = queries.get_round(round_id).parameters
    assert (parameters["awards"]["count"], parameters["meeting"]["is_secret"]) == (80, False)
    complete(round_id, manager, "submit")
    assert queries.get_round(round_id).parameters_hash in text_of(page.get(f"/rounds/{round_id}/settings"))
    assert page.post(f"/rounds/{round_id}/settings", data=form).status_code == 409


def test_rooms_above_speak_on_the_stage_page(running, page):
    def tell(evaluation_round, code, actor):
        if code != "filing":
            return None
        table = Table(
            "预计不足的成果", "达标线8家", ("成果", "有效评价"), [("盐碱地水稻", "2 / 8")], ["/x"], 14, "/all"
        )
        return Contribution(
            forecast="按目前进度可以完成。",
            next_step={"title": "再推送一次", "why": "14项不足", "button": "查看方案", "href": "/plan"},
            kpis=[{"label": "应评席位", "value": 4312, "href": "/seats"}],
            tables=[table],
            checks=[{"status": "done", "text": "推送方案已审定"}],
            risks=[("流程运行异常", "1件", "/incidents")],
            tiles={"370000": {"value": "86%", "level": 5, "href": "/p"}},
            tiles_title="各省评价响应率",
            tiles_note="已评价席位占应评席位",
            tiles_legend=[(5, "85%以上")],
        )

    before = list(board._contributors)
    register_contributors(tell)
    try:
        html = text_of(page.get(f"/rounds/{running}"))
        other = text_of(page.get(f"/rounds/{running}/stages/rating"))
    finally:
        register_contributors(*before)

    for words in (
        "按目前进度可以完成",
        "再推送一次",
        "4,312",
        "盐碱地水稻",
        "推送方案已审定",
        "流程运行异常",
        "各省评价响应率",
    ):
        assert words in html
        assert words not in other


def test_pages_speak_english(running, page):
    page.set_cookie("locale", "en")
    session.execute(select(Round))

    html = text_of(page.get("/language/en", query_string={"next": f"/rounds/{running}"}, follow_redirects=True))

    assert "Close early" in html
    assert "Working day 8 of 60" in html


@pytest.mark.parametrize("status", [RoundStatus.ARCHIVED, RoundStatus.PUBLISHED])
def test_a_round_that_is_over_says_so(running, page, status):
    with transaction():
        session.get_one(Round, running).status = status

    assert page.get(f"/rounds/{running}").status_code == 200


def test_the_line_stands_on_every_page_once_there_is_a_round(running, page):
    with clock.at(datetime(2026, 4, 1, 1, tzinfo=UTC)):
        html = text_of(page.get(f"/rounds/{running}/stages/filing/extend"))

    assert "共16个阶段，当前第2个" in html
