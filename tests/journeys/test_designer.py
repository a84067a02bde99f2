"""The designer's day in a real Chromium: draw, be refused, repair, deploy; in Chinese and in English."""

import pytest

from app.accounts.queries import actor_of
from app.accounts.vocabulary import Role
from app.engine import TimerSpec, compile_definition
from app.formdefs.queries import forget_forms
from app.kernel.db import session
from app.processes.queries import get_instance, get_version
from app.studio.queries import find_draft
from tests.factories.accounts import PASSWORD, make_user
from tests.support.chromium import barriers, chromium, is_wider_than_window, served
from tests.support.desk import Desk
from tests.support.diagrams import (
    boundary_timer,
    diagram,
    end,
    flows,
    gateway,
    service,
    set_call,
    stage_timer,
    start,
    throw,
    user,
)  # fmt: skip
from tests.support.drawn import drawn
from tests.support.flows import deploy_workflows, doors_to_nowhere, start_filing

NOTICE = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def designer(app, database):
    forget_forms()
    user = make_user(Role.DESIGNER, username="designer")
    with doors_to_nowhere():
        deploy_workflows(actor_of(user), "filing")
        yield actor_of(user)
    forget_forms()


@pytest.fixture
def desk(app, browser, designer):
    with served(app) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 1000}, locale="zh-CN")
        context.set_default_timeout(45_000)
        context.add_init_script(NOTICE)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("#username").fill("designer")
        page.locator("#password").fill(PASSWORD)
        page.locator("form button[type=submit]").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        yield Desk(page)
        context.close()


def add_outcome(desk):
    """City auditors may also reject: a fourth outcome, asking for an opinion."""
    desk.select("city_audit")
    desk.field("outcomes-add").click()
    desk.fill("outcome-3-code", "reject")
    desk.fill("outcome-3-zh", "不予通过")
    desk.fill("outcome-3-en", "Reject")
    desk.fill("outcome-3-requires", "opinion")


@pytest.mark.journey
def test_a_broken_flow_is_refused_with_pins_and_a_repaired_one_becomes_the_next_version(desk, designer):
    instance_id = start_filing(designer)
    desk.open()
    assert desk.button("deploy").is_disabled()

    add_outcome(desk)
    desk.saved()

    desk.select("nat_audit_to_after_nat")
    desk.page.keyboard.press("Delete")
    desk.check("处错误")

    count = desk.findings.count()
    assert count > 0
    assert desk.page.locator("#studio-canvas .pin-no").count() == count
    assert desk.button("deploy").is_disabled()
    assert "部署按钮暂不可用" in desk.next.inner_text()

    desk.page.locator("#studio-findings button").last.click()
    assert desk.page.locator("#studio-canvas .djs-shape.selected").count() == 1

    desk.button("undo").click()
    assert desk.button("deploy").is_disabled()
    desk.next.get_by_role("button", name="校验").click()
    desk.page.locator("#studio-proof", has_text="已走查").wait_for()
    assert desk.next.locator("b").inner_text() == "可以部署第2版"

    desk.deploy("市级可不予通过")
    desk.page.locator(".toast-line", has_text="第2版已部署").wait_for()
    desk.ensure_clean()
    newest, first = get_version("filing"), get_version("filing", 1)
    assert (newest.version, newest.note, newest.deployed_by) == (2, "市级可不予通过", designer.id)
    assert '<lodestar:outcome code="reject" zh="不予通过" en="Reject" requires="opinion" />' in newest.bpmn_xml.decode()
    assert get_instance(instance_id).definition_id == first.id


DEADLOCK = diagram(
    "stuck",
    start() + gateway("fork") + user("left") + user("right") + gateway("join", kind="parallel") + end()
    + flows("begin>fork", 'fork>left?big == 1', "fork>right?big != 1", "left>join", "right>join", "join>end"),
    lanes={"designer": "begin fork left right join end"},
)  # fmt: skip


@pytest.mark.journey
def test_the_path_to_a_fault_found_by_exploration_is_drawn(desk, tmp_path):
    file = tmp_path / "stuck.bpmn"
    file.write_bytes(drawn(DEADLOCK))
    desk.page.goto("/studio")
    desk.page.locator("#file").set_input_files(file)
    desk.page.get_by_role("button", name="上传为草稿").click()
    desk.page.wait_for_selector("html[data-drawn]")

    desk.check("处错误")

    assert desk.page.locator("#studio-findings small", has_text="到达路径").count() > 0
    on_path = desk.page.locator("#studio-canvas .is-path").evaluate_all("all => all.map(one => one.dataset.elementId)")
    assert {"begin", "fork", "right", "join", "f2_fork_right", "f4_right_join"} <= set(on_path)
    desk.ensure_clean()

    desk.open("/studio/stuck")
    assert desk.findings.count() > 0
    assert desk.button("deploy").is_disabled()
    desk.ensure_clean()


@pytest.mark.journey
def test_a_file_without_a_picture_can_be_checked_and_deployed(desk, tmp_path):
    file = tmp_path / "plain.bpmn"
    body = start() + user("work") + end() + flows("begin>work", "work>end")
    file.write_bytes(diagram("plain", body, lanes={"designer": "work"}))
    desk.page.goto("/studio")
    desk.page.locator("#file").set_input_files(file)
    desk.page.get_by_role("button", name="上传为草稿").click()
    desk.page.wait_for_selector("html[data-drawn]")
    assert "没有图形信息" in desk.page.locator("#studio-trouble").inner_text()

    desk.check("已走查")
    desk.deploy_first("无图")

    desk.page.locator(".toast-line", has_text="第1版已部署").wait_for()
    session.rollback()  # what this thread read before does not show it
    assert get_version("plain").bpmn_xml == file.read_bytes()


PARTS = diagram(
    "parts",
    start()
    + '<bpmn:userTask id="work" name="work" other:mark="kept"><bpmn:extensionElements><other:thing weight="3">kept too</other:thing></bpmn:extensionElements></bpmn:userTask>'
    + service("machine", "filings.record_filing")
    + set_call("children", called="rating", collection="selection.panels")
    + stage_timer("pause", stage="rating")
    + throw("tell", "told", "round")
    + boundary_timer("late", attached_to="work", text="P3D", interrupting=False)
    + end() + end("over")
    + flows("begin>work", "work>machine", "machine>children", "children>pause", "pause>tell", "tell>end", "late>over"),
    messages=("told",),
    lanes={"designer": "begin work late over", "manager": "machine children pause tell end"},
).replace(b"<bpmn:definitions", b'<bpmn:definitions xmlns:other="http://other.example/schema"')  # fmt: skip


@pytest.mark.journey
def test_every_part_of_the_panel_writes_what_the_engine_reads(desk, designer, tmp_path):
    file = tmp_path / "parts.bpmn"
    file.write_bytes(drawn(PARTS))
    desk.page.goto("/studio")
    desk.page.locator("#file").set_input_files(file)
    desk.page.get_by_role("button", name="上传为草稿").click()
    desk.page.wait_for_selector("html[data-drawn]")
    before = compile_definition(PARTS).nodes

    desk.select("work")
    desk.field("form").select_option("audit_opinion")
    desk.fill("due", "7")
    desk.field("stage").select_option("filing")
    desk.field("role").select_option("manager")
    desk.select("machine")
    desk.field("operation").select_option("filings.flag_unaudited")
    desk.field("inputs-add").click()
    desk.fill("input-0-name", "template")
    desk.fill("input-0-value", "late")
    desk.field("job").check()
    desk.select("children")
    desk.fill("completion", "open == 0")
    desk.select("pause")
    desk.fill("offset", "-2")
    desk.select("late")
    desk.field("timer").select_option("workdays")
    desk.fill("workdays", "4")
    desk.select("tell")
    desk.field("to").select_option("subject")
    desk.fill("message", "told_again")
    desk.page.wait_for_timeout(1500)
    desk.saved()

    xml = saved_draft(designer, "parts")
    nodes = compile_definition(xml).nodes
    work, machine = nodes["work"], nodes["machine"]
    assert (work.form, work.due_workdays, work.stage, work.role) == ("audit_opinion", 7, "filing", "manager")
    assert (machine.operation, dict(machine.inputs), machine.job) == (
        "filings.flag_unaudited",
        {"template": "late"},
        True,
    )
    assert (nodes["children"].collection, nodes["children"].completion) == ("selection.panels", "open == 0")
    assert nodes["pause"].timer == TimerSpec("stage", stage="rating", workdays=-2)
    assert nodes["late"].timer == TimerSpec("workdays", workdays=4)
    assert (nodes["tell"].message, nodes["tell"].to) == ("told_again", "subject")
    assert b'other:mark="kept"' in xml
    assert b'<other:thing weight="3">kept too</other:thing>' in xml

    while desk.button("undo").is_enabled():
        desk.button("undo").click()
    desk.page.wait_for_timeout(1500)
    desk.saved()
    assert compile_definition(saved_draft(designer, "parts")).nodes == before
    desk.ensure_clean()


@pytest.mark.journey
def test_moving_inside_a_sub_process_keeps_the_role(desk, designer):
    desk.open()
    desk.select("city_audit")
    desk.page.keyboard.press("ArrowRight")
    desk.saved()
    assert compile_definition(saved_draft(designer, "filing")).nodes["city_audit"].role == "city_auditor"

    desk.field("role").select_option("national_auditor")
    desk.page.wait_for_timeout(1500)
    desk.saved()

    roles = {id_: node.role for id_, node in compile_definition(saved_draft(designer, "filing")).nodes.items()}
    assert (roles["city_audit"], roles["prov_audit"]) == ("national_auditor", "province_auditor")
    desk.ensure_clean()


@pytest.mark.journey
@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_barrier_no_blocked_style_no_foreign_word(desk, width, locale):
    desk.page.set_viewport_size({"width": width, "height": 1000})
    desk.page.goto(f"/language/{locale}?next=/studio")
    for path in ("/studio", "/studio/filing/versions"):
        desk.page.goto(path)
        assert barriers(desk.page) == [], path
        assert not is_wider_than_window(desk.page), path

    desk.open()
    desk.select("nat_audit")
    assert barriers(desk.page) == []
    assert not is_wider_than_window(desk.page)
    stays_visible(desk.page)

    for entry in ("replace", "append.append-task", "connect"):
        assert desk.page.locator(f'.djs-context-pad [data-action="{entry}"]').count() == 1, entry
    desk.page.locator('.djs-context-pad [data-action="replace"]').click()
    desk.page.keyboard.press("Escape")
    desk.select("nat_audit")
    desk.element("city_audit").locator(".djs-hit").first.click(force=True, modifiers=["Shift"])
    desk.page.locator('.djs-context-pad [data-action="align-elements"]').click()
    desk.ensure_clean()


def stays_visible(page):
    """The mark of bpmn.io is there and nothing lies over it."""
    mark = page.locator("#studio-canvas .bjs-powered-by")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert page.evaluate("([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('.bjs-powered-by'))", [x, y])


def saved_draft(designer, key):
    session.rollback()
    session.expire_all()
    return find_draft(key=key, actor=designer).xml
