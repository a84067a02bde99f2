"""Who sees what on the pages (domain.md d): names, scores, sheets; and that the pages do their work."""

from datetime import timedelta

import orjson
import pytest

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.doors import Subject
from app.processes.starting import start_instance
from app.processes.worker import work_off
from app.selection.meeting import members_of
from app.selection.models import ReviewSeat, ScoreSheet
from app.selection.queries import latest_minutes, list_review_seats, list_seats
from app.selection.verification import verify_export
from app.selection.vocabulary import ReviewStatus
from tests.factories.selection import OPINION, SHEET, expert_person, open_items, person
from tests.selection.test_panel_flow import accept_all, act, declare_all, draw, form, reach_meeting
from tests.support.browser import sign_in


@pytest.fixture
def browse(app):
    """A signed-in browser of a person."""
    return lambda actor: sign_in(app.test_client(), actor.id)


def test_names_of_drawn_experts_are_for_the_office_only(running, browse):
    panel_id = draw(running)
    seat = list_seats(panel_id)[0]
    name = person(seat.user_id).name

    for who in ("secretary", "supervisor", "manager"):
        assert name in browse(running[who]).get(f"/panels/{panel_id}").text
    other = next(
        expert_person(id_) for id_ in running.experts if id_ not in {s.expert_id for s in list_seats(panel_id)}
    )
    assert browse(other).get(f"/panels/{panel_id}").status_code == 404
    assert browse(running["leader"]).get(f"/panels/{panel_id}").status_code == 404
    member = browse(person(seat.user_id)).get(f"/panels/{panel_id}")
    assert member.status_code == 200
    assert not [s for s in list_seats(panel_id)[1:] if person(s.user_id).name in member.text]


def test_the_witness_sees_the_commitment_and_his_number_enters_the_draw(running, browse):
    panel_id = form(running)
    act("rules", running["secretary"], "submit")
    act("rules_check", running["manager"], "approve")
    (item,) = open_items(node="witness")
    supervisor = browse(running["supervisor"])

    shown = supervisor.get(f"/work-items/{item.id}/witness")
    assert "承诺值" in shown.text
    answer = supervisor.post(f"/work-items/{item.id}/witness", data={"outcome": "start_draw", "number": "314159"})

    assert answer.location == f"/panels/{panel_id}"
    export = orjson.loads(supervisor.get(f"/panels/{panel_id}/draws/1.json").data)
    assert export["witness_number"] == "314159"
    assert verify_export(export) == []


def test_an_expert_pledges_declares_for_all_items_and_scores(running, browse):
    draw(running)
    item = open_items(node="accept")[0]
    expert = person(item.assignee_id)
    browser = browse(expert)

    refused = browser.post(f"/work-items/{item.id}/pledge", data={"outcome": "accept"})
    assert refused.status_code == 422
    browser.post(f"/work-items/{item.id}/pledge", data={"outcome": "accept", "integrity": "1", "secrecy": "1"})
    accept_all()
    mine = [i for i in open_items(node="declare") if i.assignee_id == expert.id]
    seats = [session.get_one(ReviewSeat, i.subject_id) for i in mine]
    choices = {f"kind-{seat.id}": "none" for seat in seats}

    assert browser.post("/reviews/declarations", data=choices).status_code == 422
    choices[f"kind-{seats[0].id}"] = "COOP"
    assert browser.post("/reviews/declarations", data={**choices, "declared": "1"}).location == "/reviews"
    session.expire_all()
    assert [seat.status for seat in seats] == [ReviewStatus.VOID] + [ReviewStatus.DECLARED] * 3

    item = next(i for i in open_items(node="score") if i.assignee_id == expert.id)
    wrong = browser.post(f"/work-items/{item.id}/sheet", data={**SHEET, "application": "32", "opinion": "短"})
    assert wrong.status_code == 422
    assert "应为0至30之间的数字" in wrong.text
    browser.post(f"/work-items/{item.id}/sheet", data={**SHEET, "goal": "8.5", "draft": "1"})
    assert 'value="8.5"' in browser.get(f"/work-items/{item.id}/sheet").text
    answer = browser.post(f"/work-items/{item.id}/sheet", data={**SHEET, "goal": "8.5"})
    assert answer.status_code == 302
    assert [str(sheet.total) for sheet in session.query(ScoreSheet).all()] == ["82.50"]
    revised = browser.post(f"/reviews/{item.subject_id}", data=SHEET)
    assert revised.location == "/reviews"
    assert "已评1项，共3项" in browser.get("/reviews").text


def test_material_is_closed_and_foreign_sheets_are_not_there(running, browse):
    panel_id = draw(running)
    accept_all()
    seat = list_review_seats(panel_id)[0]
    other = next(s for s in list_review_seats(panel_id) if s.user_id != seat.user_id)
    browser = browse(person(seat.user_id))

    assert "声明回避情形后开放" in browser.get(f"/reviews/{seat.id}").text
    assert browser.get(f"/reviews/{other.id}").status_code == 404


def test_secretaries_never_see_scores_and_managers_no_sheet_before_the_closing(running, browse):
    panel_id = reach_meeting(running)
    members = members_of(panel_id)
    score = "83.00"
    pages = {who: browse(running[who]).get(f"/panels/{panel_id}").text for who in ("secretary", "manager")}
    assert "得分" not in pages["secretary"]
    assert "得分" in pages["manager"]

    (item,) = open_items(node="open")
    secretary = browse(running["secretary"])
    assert secretary.get(f"/work-items/{item.id}/attendance").status_code == 200
    secretary.post(
        f"/work-items/{item.id}/attendance",
        data={"outcome": "open", "present": [m.user_id for m in members], "meeting_at": "2026-11-03T09:00"},
    )
    chair = browse(person(members[0].user_id))
    (item,) = open_items(node="opinion")
    assert "得分" in chair.get(f"/work-items/{item.id}/opinion").text
    chair.post(f"/work-items/{item.id}/opinion", data={"opinion": OPINION})

    text = secretary.get(f"/panels/{panel_id}").text
    assert "会议纪要" in text
    assert "评分汇总" not in text
    assert "评分汇总" in latest_minutes(panel_id).text
    assert score not in text


@pytest.mark.parametrize("path", ["/panels", "/panels/1", "/panels/1/draws/1.json", "/reviews", "/reviews/1"])
def test_nobody_without_a_role_finds_anything(running, browse, path, app):
    draw(running)

    assert app.test_client().get(path).status_code in (302, 401)
    assert browse(running["leader"]).get(path).status_code in (403, 404)


def start_form(hall, node: str, form_key: str, role: str) -> int:
    """An item of the main road by a diagram of one step: its page is what is tested."""
    import hashlib  # noqa: PLC0415 -- only here

    from app.formdefs.usecases import deploy_form  # noqa: PLC0415 -- only here
    from app.kernel.actor import SYSTEM  # noqa: PLC0415 -- only here
    from app.processes.models import ProcessDefinition  # noqa: PLC0415 -- only here
    from config import ROOT  # noqa: PLC0415 -- only here
    from tests.support.diagrams import diagram, end, flows, start, user  # noqa: PLC0415 -- only here

    key = f"test_{node}"
    step = user(node, outcomes="submit", attributes=f'lodestar:form="{form_key}"')
    xml = diagram(
        key, start() + step + end() + flows(f"begin>{node}", f"{node}>end"), lanes={role: f"begin {node} end"}
    )
    with transaction():
        deploy_form(key=form_key, schema=(ROOT / "forms" / f"{form_key}.form").read_bytes(), actor=SYSTEM)
        session.add(
            ProcessDefinition(
                key=key, version=1, name=key, checksum=hashlib.sha256(xml).hexdigest(), bpmn_xml=xml,
                deployed_at=clock.now(), proof={},
            )
        )  # fmt: skip
        session.flush()
        start_instance(
            process=key, subject=Subject("round", hall.round_id), title="2026年度评价周期", actor=SYSTEM,
            batch_id=hall.round_id,
        )  # fmt: skip
    (item,) = open_items(node=node)
    return item.id


def test_the_pool_page_shows_the_line_and_takes_changes_with_reasons(running, browse):
    from app.selection.pool import rank_pool  # noqa: PLC0415 -- the step before the page
    from app.selection.queries import list_pool  # noqa: PLC0415 -- what the page changed

    with transaction():
        rank_pool(round_id=running.round_id)
    item_id = start_form(running, "pool_line", "pool", "manager")
    manager = browse(running["manager"])
    kept = running.candidacies[:3]
    left = running.candidacies[3]

    assert "高温合金粉末专利导航之1" in manager.get(f"/work-items/{item_id}/pool").text
    assert manager.post(f"/work-items/{item_id}/pool", data={"in": kept}).status_code == 422
    manager.post(f"/work-items/{item_id}/pool", data={"in": kept, f"reason-{left}": "重复成果"})

    session.expire_all()
    assert [e.candidacy_id for e in list_pool(running.round_id, only_in=True)] == kept


def test_the_forming_page_proposes_panels_and_forms_them(running, browse):
    from app.selection.pool import rank_pool  # noqa: PLC0415 -- the step before the page
    from app.selection.queries import list_panels  # noqa: PLC0415 -- what the page made

    with transaction():
        rank_pool(round_id=running.round_id)
    item_id = start_form(running, "form_panels", "panels", "secretary")
    secretary = browse(running["secretary"])

    assert "新材料" in secretary.get(f"/work-items/{item_id}/panels").text
    data = {f"panel-{id_}": "1" for id_ in running.candidacies} | {"name-1": "新材料评审组", "size-1": "7"}
    assert secretary.post(f"/work-items/{item_id}/panels", data=data).location == "/panels"

    (panel,) = list_panels(running.round_id)
    assert (panel.name, panel.size) == ("新材料评审组", 7)
    assert "新材料评审组" in secretary.get("/panels").text


def test_unbegun_sheets_are_told_to_the_secretary_without_a_name(running):
    from app.notifications.models import Notification  # noqa: PLC0415 -- what was told

    draw(running)
    accept_all()
    declare_all()

    clock.travel(timedelta(days=17))
    work_off()

    told = session.query(Notification).filter_by(kind="review_unbegun").all()
    assert len(told) == 20
    assert {row.user_id for row in told} == {running["secretary"].id}
    assert {frozenset(row.params) for row in told} == {frozenset({"name"})}
