"""A release in a real Chromium: changes on the diagrams, running cases move, the version is taken back."""

import pytest

from app.kernel.transaction import transaction
from app.processes.queries import get_instance, get_version
from app.processes.worker import work_off
from app.studio.usecases import save_draft
from tests.journeys.test_designer import browser, designer, desk  # noqa: F401 -- fixtures
from tests.support.chromium import barriers, is_wider_than_window
from tests.support.flows import start_filing


@pytest.mark.journey
def test_a_changed_flow_is_released_with_its_cases_and_taken_back(desk, designer):  # noqa: F811 -- fixtures
    instance_id = start_filing(designer)
    xml = get_version("filing").bpmn_xml.replace("市级初审".encode(), "市级预审".encode())
    with transaction():
        save_draft(key="filing", xml=xml, revision=0, base_version=1, actor=designer)
    page = desk.page

    page.goto("/studio/filing/release")
    page.locator("details[data-drawn='1']").nth(1).wait_for()

    assert page.locator(".head p").inner_text() == "1件在办：1件可转入，0件留在原版本，0件需要选择。"
    assert page.locator(".diagram .is-changed").count() == 2
    assert page.locator(".diagram .pin-no").all_inner_texts() == ["1", "1"]
    assert barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert not is_wider_than_window(page)
    page.set_viewport_size({"width": 1280, "height": 1000})

    page.locator("input[name=policy][value=move]").check(force=True)
    page.locator("#note").fill("改名")
    page.locator("button[data-submit]").click()
    page.wait_for_url("**/migrations/*")
    work_off()
    page.reload()
    assert page.locator(".head p").inner_text() == "已完成：1件已转。"
    assert barriers(page) == []

    page.goto("/studio/filing/versions")
    page.locator("#reason").fill("有误")
    page.locator("button.btn-stop").click()
    page.wait_for_url("**/migrations/*")
    work_off()
    page.reload()

    assert page.locator("h1").inner_text() == "撤销第2版"
    assert get_instance(instance_id).definition_id == get_version("filing", 1).id
    desk.ensure_clean()
