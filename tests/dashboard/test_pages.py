"""Search, responses, accounts, the audit log: who sees what, and what never leaks."""

import csv
import io

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation, User
from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.audit.sealing import seal_entries
from app.audit.usecases import record
from app.dashboard.responses import add_rates, list_responses, rate_of, rates_by_province
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.ratings.pushing import approve_plan, draw_plan
from tests.dashboard.conftest import everybody, file_results
from tests.factories.accounts import make_actor
from tests.factories.filings import JIANGSU, SHANDONG, draft
from tests.factories.ratings import RATING_DAY, hand_in, make_field
from tests.support.seats import seats_of_organisations


@pytest.fixture
def asked(app):
    """Raters of five provinces were asked; one of Shandong has answered."""
    with clock.at(RATING_DAY):
        field = make_field()
        with transaction():
            draw_plan(round_id=field.round_id, actor=SYSTEM)
        with transaction():
            approve_plan(round_id=field.round_id, actor=SYSTEM)
        seats = [seat for seat in seats_of_organisations(field.candidacy_ids[0]) if seat.province_code == SHANDONG]
        with transaction():
            hand_in(seats[0], field.raters[seats[0].organisation_id])
        yield field


def test_responses_are_counted_per_organisation_of_the_own_province(asked):
    lines = list_responses(round_id=asked.round_id, scope=frozenset({SHANDONG}))
    nation = rates_by_province(asked.round_id)

    assert {line.province_code for line in lines} == {SHANDONG}
    assert sum(line.is_silent for line in lines) == len(lines) - 1
    assert rate_of(lines) == nation[SHANDONG]
    assert add_rates(nation).sent == rate_of(list_responses(round_id=asked.round_id, scope=None)).sent


def test_the_list_of_the_silent_is_as_long_as_its_figure_and_names_no_rater(asked, browse):
    contact = make_actor(Role.PROVINCE_CONTACT, scope_code=SHANDONG)
    silent = sum(line.is_silent for line in list_responses(round_id=asked.round_id, scope=frozenset({SHANDONG})))

    pages = [browse(contact, address).get_data(as_text=True) for address in ("/", "/board/responses?only=silent")]

    assert f"{silent}家单位尚未响应" in pages[0]
    assert pages[1].count('<td role="cell" class="wide">') == silent
    assert not any(actor.name in page for page in pages for actor in asked.raters.values())
    assert not any("海水淡化膜材料0产业规划" in page for page in pages)


def test_no_home_names_those_who_rate(asked, browse):
    names = {actor.name for actor in asked.raters.values()}
    for role in (Role.MANAGER, Role.LEADER, Role.NATIONAL_AUDITOR, Role.SECRETARY, Role.SUPERVISOR):
        page = browse(make_actor(role)).get_data(as_text=True)
        assert not any(name in page for name in names), role
    assert not any(name in browse(asked.filer).get_data(as_text=True) for name in names)


def test_the_filer_sees_counts_only(asked, browse):
    page = browse(asked.filer).get_data(as_text=True)

    assert "已收到1份评价，共推送15家" in page


def test_search_stays_within_the_scope(place, browse):
    file_results(place, 1)
    draft(place["client"], title="未公开的海水草稿", text="SECRET")

    def found(name: str) -> str:
        return browse(place[name], "/search?q=海水").get_data(as_text=True)

    assert "海水淡化膜0专利导航" in found("contact")
    assert "海水淡化膜0专利导航" not in found("jiangsu")
    assert "海水淡化膜0专利导航" not in found("rival")
    assert "未公开的海水草稿" in found("client")
    assert not any("未公开的海水草稿" in found(name) for name in ("contact", "province", "national", "filer"))


def test_search_finds_by_organisation_and_by_number(place, browse):
    file_results(place, 1)

    assert "海水淡化膜0专利导航" in browse(place["national"], "/search?q=鲁澜").get_data(as_text=True)
    assert "没有找到" in browse(place["national"], "/search?q=不存在的").get_data(as_text=True)
    assert browse(everybody(place)["sys_admin"], "/search?q=海水").status_code == 200


def test_search_wants_a_person(place, client):
    assert client.get("/search?q=海水").status_code in (302, 401)


def test_accounts_of_the_province_and_the_first_account_of_an_organisation(place, browse):
    with transaction():
        lonely = Organisation(name="沂川新材料有限公司", type="ENTERPRISE", province_code=SHANDONG)
        session.add(lonely)
    page = browse(place["contact"], "/board/organisations?without=1").get_data(as_text=True)

    assert "沂川新材料有限公司" in page
    assert "江浦膜业有限公司" not in browse(place["contact"], "/board/organisations").get_data(as_text=True)
    answer = browse(place["contact"], f"/board/organisations/{lonely.id}/accounts", name="孟舟", username="mengzhou")
    assert "一次性密码" in answer.get_data(as_text=True)
    opened = session.scalars(select(User).where(User.username == "mengzhou")).one()
    assert opened.is_organisation_admin
    again = browse(place["contact"], f"/board/organisations/{lonely.id}/accounts", name="孟舟", username="mengzhou2")
    assert again.status_code == 422


def test_an_organisation_of_another_province_is_not_there(place, browse):
    rival = place.organisations["rival"].id

    assert browse(place["contact"], f"/board/organisations/{rival}").status_code == 404
    reset = f"/board/organisations/{rival}/accounts/{place['rival'].id}/password"
    assert browse(place["contact"], reset, go="1").status_code == 404


def test_the_one_time_password_is_shown_once(place, browse):
    home = place.organisations["filer"].id
    made = browse(place["contact"], f"/board/organisations/{home}/accounts/{place['filer'].id}/password", go="1")

    assert "只显示这一次" in made.get_data(as_text=True)
    assert "只显示这一次" not in browse(place["contact"], f"/board/organisations/{home}").get_data(as_text=True)


def test_an_administrator_opens_a_colleagues_account(place, browse):
    with transaction():
        session.get_one(User, place["filer"].id).is_organisation_admin = True
    made = browse(place["filer"], "/colleagues", name="韩予安", username="hanyuan", job_role="RND", roles=["filer"])

    assert "一次性密码" in made.get_data(as_text=True)
    assert "韩予安" in browse(place["filer"], "/colleagues").get_data(as_text=True)
    refused = browse(place["filer"], "/colleagues", name="韩予安", username="hanyuan2", job_role="RND", roles=["rater"])
    assert refused.status_code == 422
    assert browse(place["client"], "/colleagues").status_code == 403
    assert browse(place["client"], f"/colleagues/{place['filer'].id}/password", go="1").status_code == 403


def test_locked_accounts_are_unlocked_by_the_system_administrator_only(place, browse):
    with transaction():
        session.get_one(User, place["filer"].id).locked_until = clock.now().replace(year=2027)
    people = everybody(place)

    assert "filer" in browse(people["sys_admin"], "/board/locked").get_data(as_text=True)
    assert browse(people["sec_admin"], f"/board/locked/{place['filer'].id}", go="1").status_code == 403
    browse(people["sys_admin"], f"/board/locked/{place['filer'].id}", go="1")
    assert session.get_one(User, place["filer"].id).locked_until is None


@pytest.fixture
def log(place):
    with transaction():
        record(action="rounds.freeze_parameters", actor=place["national"], object_type="round", object_id=1)
        record(
            action="accounts.reset_password",
            actor=place["contact"],
            object_type="user",
            object_id=2,
            detail={"n": "=1"},
        )
    return place


def test_the_log_is_searched_and_exported_by_the_audit_administrator(log, browse):
    auditor = everybody(log)["audit_admin"]

    page = browse(auditor, "/audit-log?action=accounts.reset_password").get_data(as_text=True)
    answer = browse(auditor, "/audit-log/export.csv?actor=contact")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))

    assert "contact某" in page
    assert "national某" not in page
    assert [row[4] for row in rows[1:]] == ["accounts.reset_password"]
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "audit.export_entries"


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(log, browse):
    with transaction():
        record(action="=cmd()", actor=SYSTEM, object_type="x", object_id="1")

    text = browse(everybody(log)["audit_admin"], "/audit-log/export.csv").get_data(as_text=True)

    assert ",'=cmd()," in text


def test_the_chain_is_verified_on_the_page(log, browse):
    auditor = everybody(log)["audit_admin"]
    with transaction():
        seal_entries()

    answer = browse(auditor, "/audit-log/verify", go="1")

    assert answer.status_code == 302
    assert "没有发现改动" in browse(auditor, "/audit-log").get_data(as_text=True)


@pytest.mark.parametrize("address", ["/audit-log", "/audit-log/export.csv"])
def test_nobody_else_reads_the_log(log, browse, address):
    for role, actor in everybody(log).items():
        if role != "audit_admin":
            assert browse(actor, address).status_code == 403, role


def test_a_date_that_is_none_is_refused(log, browse):
    assert browse(everybody(log)["audit_admin"], "/audit-log?since=gestern").status_code == 422


def test_the_jiangsu_contact_reads_jiangsu(place, browse):
    file_results(place, 1)
    other = make_actor(Role.PROVINCE_CONTACT, scope_code=JIANGSU)

    page = browse(other).get_data(as_text=True)

    assert "<h1>江苏省</h1>" in page
    assert "海水淡化膜" not in page
