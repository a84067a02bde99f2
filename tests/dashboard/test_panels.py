"""Homes around the panels: counts for the office, nobody's name, nobody else's score."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.accounts.vocabulary import Role
from app.kernel import clock
from app.selection.queries import list_seats
from tests.factories.accounts import make_actor
from tests.factories.selection import MORNING, Hall, deploy_panel_flows, make_hall, person, set_review_end
from tests.selection.test_panel_flow import accept_all, declare_all, draw
from tests.support.browser import sign_in


@pytest.fixture
def reviewing(app: Flask) -> Iterator[tuple[Hall, int]]:
    """A drawn panel whose members have accepted and declared."""
    with clock.at(MORNING):
        hall = make_hall()
        deploy_panel_flows()
        set_review_end(hall)
        panel_id = draw(hall)
        accept_all()
        declare_all()
        yield hall, panel_id


def home(app: Flask, actor) -> str:
    return sign_in(app.test_client(), actor.id).get("/").get_data(as_text=True)


def test_no_home_names_the_drawn_experts(app, reviewing):
    hall, panel_id = reviewing
    names = {person(seat.user_id).name for seat in list_seats(panel_id)}

    for who in ("secretary", "supervisor", "manager", "leader"):
        page = home(app, hall[who])
        assert not [name for name in names if name in page], who


def test_an_expert_sees_own_items_and_no_other_member(app, reviewing):
    _, panel_id = reviewing
    seats = list_seats(panel_id)
    page = home(app, person(seats[0].user_id))

    assert "已评分0项" in page
    assert not [seat for seat in seats[1:] if person(seat.user_id).name in page]


def test_the_secretary_reads_counts(app, reviewing):
    hall, _ = reviewing

    assert "1个评审组，已交评分0/" in home(app, hall["secretary"])


def test_the_audit_log_veils_raters_and_reviewers(app, reviewing):
    _, panel_id = reviewing
    names = sorted({person(seat.user_id).name for seat in list_seats(panel_id)})
    browser = sign_in(app.test_client(), make_actor(Role.AUDIT_ADMIN).id)

    pages = [browser.get("/audit-log").text, browser.get("/audit-log/export.csv").text]
    found = browser.get(f"/audit-log?actor={names[0]}").text

    assert "selection.accept_invitation" in pages[0]
    assert not [name for name in names for page in pages if name in page]
    assert "没有符合条件的记录" in found
