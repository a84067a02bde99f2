"""What two versions of a diagram differ in."""

from app.engine import compile_definition
from app.engine.versions.diff import Change, Detail, diff_definitions
from tests.support.diagrams import boundary_timer, diagram, end, flows, gateway, start, user

BODY = (
    start() + user("fill") + user("check", outcomes="pass,back") + gateway("g", default="f3_g_end") + end()
    + flows("begin>fill", "fill>check", "check>g", "g>end", 'g>fill?outcome == "back"')
)  # fmt: skip
OLD = diagram("p", BODY, lanes={"filer": "fill", "manager": "check"})


def changes(new: bytes) -> list[Change]:
    return list(diff_definitions(compile_definition(OLD), compile_definition(new)))


def test_the_same_diagram_differs_in_nothing():
    assert changes(OLD) == []


def test_a_drawing_moved_about_is_the_same():
    assert changes(OLD.replace(b"</bpmn:definitions>", b"<!-- moved --></bpmn:definitions>")) == []


def test_what_a_node_says_is_compared_one_by_one():
    new = OLD.replace(b'id="check" name="check"', b'id="check" name="audit"').replace(b"pass,back", b"pass,back,refuse")
    new = new.replace(b'<bpmn:lane id="manager"', b'<bpmn:lane id="leader"')

    assert changes(new) == [
        Change("check", "audit", "userTask", "changed", (
            Detail("name", "check", "audit"),
            Detail("role", "manager", "leader"),
            Detail("outcomes", "pass, back", "pass, back, refuse"),
        )),
    ]  # fmt: skip


def test_an_inserted_task_is_added_and_the_flow_it_replaces_is_gone():
    new = diagram(
        "p",
        BODY.replace(flows("begin>fill", "fill>check"), flows("begin>fill", "fill>more", "more>check")) + user("more"),
        lanes={"filer": "fill more", "manager": "check"},
    )

    found = [(one.element_id, one.change) for one in changes(new)]

    assert found == [("more", "added"), ("f1_fill_check", "removed")]


def test_a_condition_and_a_timer_changed():
    late = boundary_timer("late", attached_to="fill", text="P3D", interrupting=False) + end("told") + flows("late>told")
    old = diagram("p", BODY + late)
    new = diagram("p", BODY.replace('"back"', '"pass"') + late.replace("P3D", "P10D"))

    found = diff_definitions(compile_definition(old), compile_definition(new))

    assert [(one.element_id, one.details[-1]) for one in found] == [
        ("late", Detail("timer", "P3D", "P10D")),
        ("f4_g_fill", Detail("condition", 'outcome == "back"', 'outcome == "pass"')),
    ]


def test_what_was_removed_comes_last():
    new = diagram("p", start() + user("fill") + user("other") + end() + flows("begin>fill", "fill>other", "other>end"))

    assert [one.change for one in changes(new) if one.tag != "sequenceFlow"] == [
        "changed",
        "added",
        "removed",
        "removed",
    ]
