"""Small diagrams walked by hand, one construct each."""

from threading import Thread

import pytest

from app.engine import (
    Event,
    ExpressionError,
    Node,
    NodeKind,
    Outcome,
    Start,
    StepError,
    TimerSpec,
    compile_definition,
    enabled,
    start,
    step,
)
from tests.engine.sketch import Walk, draw, flows, timer, users

MESSAGES = '<message id="m1" name="closed"/><message id="m2" name="withdrawn"/>'


def test_outcome_is_for_one_step_and_node_outcome_for_good():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><endEvent id="no"/><exclusiveGateway id="g" default="g_no"/>'
            '<userTask id="audit" lodestar:outcomes="approve,reject"/><userTask id="sign"/>'
            + flows("s -> audit -> g", 'g -> sign : outcome == "approve"', "g -> no", "sign -> e")
        ),
        kind="report",
    )

    now = walk.complete("audit", "approve", note="fine")

    assert now.variables == {"kind": "report", "note": "fine", "audit_outcome": "approve"}
    assert now.reads == ("outcome",)
    assert (now.opened, now.closed, now.ends) == (("sign",), ("audit",), ())
    assert walk.complete("sign").ends == ("e",)
    assert walk.now.finished


def test_a_task_reopened_in_the_same_step_is_closed_and_opened():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="g_e"/>'
            '<userTask id="fill" lodestar:outcomes="again,done"/>'
            + flows("s -> fill -> g", 'g -> fill : outcome == "again"', "g -> e")
        )
    )
    before = walk.now.state

    now = walk.complete("fill", "again")

    assert (now.opened, now.closed) == (("fill",), ("fill",))
    assert now.state == before


def test_untouched_branch_keeps_its_token():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><parallelGateway id="a"/><parallelGateway id="j"/>'
            + users("x", "y", "z")
            + flows("s -> a", "a -> x -> z -> j", "a -> y -> j", "j -> e")
        )
    )

    assert walk.complete("x").opened == ("z",)
    assert walk.complete("z").opened == ()
    assert walk.complete("y").ends == ("e",)


def repeating() -> bytes:
    return draw(
        '<startEvent id="s"/><endEvent id="e"/><endEvent id="e2"/><serviceTask id="remind" lodestar:operation="a.b"/>'
        + users("work")
        + timer("late", "work", interrupting=False, text="R3/P1D")
        + flows("s -> work -> e", "late -> remind -> e2")
    )


def test_repeating_timer_is_armed_again_when_told_so():
    walk = Walk(repeating())

    first = walk.done("late", again=True)
    assert (first.opened, first.closed) == (("remind", "late"), ("late",))
    walk.done("remind")

    last = walk.done("late")
    assert (last.opened, last.closed) == (("remind",), ("late",))
    walk.done("remind")
    assert enabled(walk.definition, walk.now.state) == ("work",)
    assert walk.complete("work").finished


def test_completing_a_task_disarms_its_timer_but_not_what_the_timer_began():
    walk = Walk(repeating())
    walk.done("late", again=True)

    now = walk.complete("work")

    assert set(now.closed) == {"work", "late"}
    assert enabled(walk.definition, now.state) == ("remind",)


def test_interrupting_timer_takes_the_task_away():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><endEvent id="lapsed"/>'
            + users("work")
            + timer("late", "work")
            + flows("s -> work -> e", "late -> lapsed")
        )
    )

    now = walk.done("late")

    assert set(now.closed) == {"work", "late"}
    assert now.ends == ("lapsed",)
    assert now.finished


def failing(boundary: str) -> bytes:
    return draw(
        '<startEvent id="s"/><endEvent id="e"/><endEvent id="failed"/>'
        '<serviceTask id="pay" lodestar:operation="a.b"/>' + boundary + flows("s -> pay -> e"),
        around='<error id="err" errorCode="no_money"/>',
    )


def catch(id_: str, ref: str = "") -> str:
    return f'<boundaryEvent id="{id_}" attachedToRef="pay"><errorEventDefinition{ref}/></boundaryEvent>'


def test_error_takes_the_boundary_event_of_its_code():
    both = (
        catch("b_any")
        + catch("b_err", ' errorRef="err"')
        + '<endEvent id="any"/>'
        + flows("b_any -> any", "b_err -> failed")
    )

    assert Walk(failing(both)).error("pay", "no_money").ends == ("failed",)
    assert Walk(failing(both)).error("pay", "other").ends == ("any",)


def test_error_that_nothing_catches_is_refused():
    one = catch("b_err", ' errorRef="err"') + flows("b_err -> failed")

    with pytest.raises(StepError, match="nothing catches"):
        Walk(failing(one)).error("pay", "other")


def sub_process(inner: str, outer: str) -> bytes:
    return draw(
        '<startEvent id="s"/><endEvent id="e"/><endEvent id="other"/>'
        f'<subProcess id="sub"><startEvent id="s2"/>{inner}</subProcess>' + outer + flows("s -> sub -> e"),
        around='<error id="err" errorCode="bad"/><escalation id="esc" escalationCode="late"/>' + MESSAGES,
    )


def test_error_of_an_operation_leaves_the_sub_process_around_it():
    walk = Walk(
        sub_process(
            '<serviceTask id="pay" lodestar:operation="a.b"/><endEvent id="e2"/>' + flows("s2 -> pay -> e2"),
            '<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>'
            + flows("b -> other"),
        )
    )

    now = walk.error("pay", "bad")

    assert (now.closed, now.ends) == (("pay",), ("other",))


def test_error_end_takes_the_boundary_and_cancels_what_is_open_beside_it():
    walk = Walk(
        sub_process(
            users("x", "y")
            + '<parallelGateway id="a"/><endEvent id="e2"><errorEventDefinition errorRef="err"/></endEvent>'
            '<endEvent id="e3"/>' + flows("s2 -> a", "a -> x -> e2", "a -> y -> e3"),
            '<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>'
            + flows("b -> other"),
        )
    )

    now = walk.complete("x")

    assert set(now.closed) == {"x", "y"}
    assert set(now.ends) == {"e2", "other"}
    assert now.finished


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_escalation_reaches_the_boundary_of_its_own_sub_process(interrupting):
    walk = Walk(
        sub_process(
            users("x", "y")
            + '<intermediateThrowEvent id="up"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent>'
            '<endEvent id="e2"/>' + flows("s2 -> x -> up -> y -> e2"),
            f'<boundaryEvent id="b" attachedToRef="sub" cancelActivity="{interrupting}">'
            '<escalationEventDefinition escalationRef="esc"/></boundaryEvent>'
            + users("told")
            + flows("b -> told -> other"),
        )
    )

    now = walk.complete("x")

    assert set(now.opened) == ({"told"} if interrupting == "true" else {"told", "y"})
    if interrupting == "false":
        assert not walk.complete("y").finished
    assert walk.complete("told").finished


def test_parallel_sub_process_is_not_reached_by_its_neighbours_escalation():
    def sub(id_: str) -> str:
        return (
            f'<subProcess id="{id_}"><startEvent id="{id_}s"/><userTask id="{id_}x"/><endEvent id="{id_}e">'
            '<escalationEventDefinition escalationRef="esc"/></endEvent>'
            + flows(f"{id_}s -> {id_}x -> {id_}e")
            + f'</subProcess><boundaryEvent id="{id_}b" attachedToRef="{id_}">'
            '<escalationEventDefinition escalationRef="esc"/></boundaryEvent>'
            f'<endEvent id="{id_}end"/><endEvent id="{id_}ok"/>' + flows(f"{id_}b -> {id_}end", f"{id_} -> {id_}ok")
        )

    walk = Walk(
        draw(
            '<startEvent id="s"/><parallelGateway id="a"/>'
            + sub("p1")
            + sub("p2")
            + flows("s -> a", "a -> p1", "a -> p2"),
            around='<escalation id="esc" escalationCode="late"/>',
        )
    )

    now = walk.complete("p1x")

    assert set(now.ends) == {"p1e", "p1end"}
    assert enabled(walk.definition, now.state) == ("p2x",)


def test_event_gateway_waits_at_its_events_and_closes_all():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e1"/><endEvent id="e2"/><eventBasedGateway id="g"/>'
            '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
            '<intermediateCatchEvent id="t"><timerEventDefinition lodestar:stage="rating" lodestar:workdays="-3"/>'
            "</intermediateCatchEvent>" + flows("s -> g", "g -> m -> e1", "g -> t -> e2"),
            around=MESSAGES,
        )
    )
    assert walk.now.opened == ("m", "t")
    assert walk.definition.nodes["t"].timer == TimerSpec("stage", workdays=-3, stage="rating")
    assert walk.definition.nodes["m"].message == "closed"

    now = walk.done("t")

    assert (now.closed, now.ends) == (("m", "t"), ("e2",))


def test_two_catches_of_one_message_are_fired_one_by_one():
    catches = "".join(
        f'<intermediateCatchEvent id="{id_}"><messageEventDefinition messageRef="m1"/></intermediateCatchEvent>'
        for id_ in ("m", "n")
    )
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e1"/><endEvent id="e2"/><parallelGateway id="a"/>'
            + catches
            + flows("s -> a", "a -> m -> e1", "a -> n -> e2"),
            around=MESSAGES,
        )
    )

    assert walk.done("m").closed == ("m",)
    assert enabled(walk.definition, walk.now.state) == ("n",)


def nested() -> bytes:
    return sub_process(
        '<subProcess id="deep"><startEvent id="s3"/><endEvent id="e3"/>'
        + users("x")
        + timer("late", "x", interrupting=False)
        + '<endEvent id="e4"/>'
        + flows("s3 -> x -> e3", "late -> e4")
        + '</subProcess><endEvent id="e2"/>'
        + flows("s2 -> deep -> e2"),
        '<boundaryEvent id="b" attachedToRef="sub"><messageEventDefinition messageRef="m2"/></boundaryEvent>'
        + flows("b -> other"),
    )


def test_nested_sub_processes_complete_outwards():
    walk = Walk(nested())
    assert enabled(walk.definition, walk.now.state) == ("b", "late", "x")

    now = walk.complete("x")

    assert now.ends == ("e3", "e2", "e")
    assert now.finished


def test_boundary_of_the_outer_sub_process_closes_everything_inside():
    now = Walk(nested()).done("b")

    assert set(now.closed) == {"b", "late", "x"}
    assert now.ends == ("other",)


def test_terminate_ends_the_process_with_all_its_branches():
    walk = Walk(
        draw(
            '<startEvent id="s"/><parallelGateway id="a"/><endEvent id="e"/>'
            '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
            + users("x", "y")
            + flows("s -> a", "a -> x -> stop", "a -> y -> e")
        )
    )

    now = walk.complete("x")

    assert (set(now.closed), now.ends, now.finished) == ({"x", "y"}, ("stop",), True)


def test_terminate_in_a_sub_process_ends_only_that():
    walk = Walk(
        sub_process(
            users("x", "y") + '<parallelGateway id="a"/><endEvent id="e2"/>'
            '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
            + flows("s2 -> a", "a -> x -> stop", "a -> y -> e2"),
            users("z")
            + '<boundaryEvent id="b" attachedToRef="sub"><messageEventDefinition messageRef="m1"/></boundaryEvent>'
            + flows("b -> z -> other"),
        )
    )

    now = walk.complete("x")

    assert (set(now.closed), now.ends) == ({"x", "y", "b"}, ("stop", "e"))


def test_inclusive_join_waits_only_for_branches_under_way():
    xml = draw(
        '<startEvent id="s"/><endEvent id="e"/><inclusiveGateway id="o" default="o_z"/><inclusiveGateway id="j"/>'
        + users("x", "y", "z")
        + flows("s -> o", "o -> x : a", "o -> y : b", "o -> z", "x -> j", "y -> j", "z -> j", "j -> e")
    )
    assert Walk(xml, a=True, b=True).now.opened == ("x", "y")
    both = Walk(xml, a=True, b=True)
    assert not both.complete("y").finished
    assert both.complete("x").finished
    assert Walk(xml, a=True, b=False).complete("x").finished
    assert Walk(xml, a=False, b=False).now.opened == ("z",)


def test_message_throw_and_message_end_wait_for_the_runner():
    walk = Walk(
        draw(
            '<startEvent id="s"/><intermediateThrowEvent id="tell"><messageEventDefinition messageRef="m1" '
            'lodestar:to="round"/></intermediateThrowEvent><endEvent id="e"><messageEventDefinition messageRef="m2" '
            'lodestar:to="subject"/></endEvent>' + flows("s -> tell -> e"),
            around=MESSAGES,
        )
    )
    tell, end = walk.definition.nodes["tell"], walk.definition.nodes["e"]
    assert (tell.kind, tell.message, tell.to) == (NodeKind.THROW, "closed", "round")
    assert (end.kind, end.message, end.to) == (NodeKind.THROW, "withdrawn", "subject")

    assert walk.done("tell").opened == ("e",)
    now = walk.done("e")
    assert (now.ends, now.finished) == (("e",), True)


def test_script_writes_variables_of_the_instance():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><userTask id="x"/><scriptTask id="c"><script>returns = returns + 1\n'
            "late = returns &gt; 1</script></scriptTask>" + flows("s -> c -> x -> e")
        ),
        returns=1,
    )

    assert walk.now.variables == {"returns": 2, "late": True}
    assert walk.now.reads == ("returns",)


def test_set_call_and_call_are_read_from_the_diagram():
    definition = compile_definition(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><callActivity id="c" calledElement="rating" '
            'lodestar:collection="ratings.pushed_seats"><multiInstanceLoopCharacteristics><completionCondition>'
            "done &gt;= 8</completionCondition></multiInstanceLoopCharacteristics></callActivity>"
            '<callActivity id="d" calledElement="panel"/>' + flows("s -> c -> d -> e")
        )
    )

    c, d = definition.nodes["c"], definition.nodes["d"]
    assert (c.kind, c.called, c.collection, c.completion) == (
        NodeKind.SET_CALL,
        "rating",
        "ratings.pushed_seats",
        "done >= 8",
    )
    assert (d.kind, d.called) == (NodeKind.CALL, "panel")


def test_an_event_at_a_node_where_nothing_waits_is_refused():
    walk = Walk(repeating())

    with pytest.raises(StepError, match="nothing waits"):
        walk.done("remind")
    with pytest.raises(StepError, match="does not fit"):
        walk.done("work")


def test_a_condition_on_an_unknown_variable_is_an_error_not_a_guess():
    xml = draw(
        '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="g_e"/><userTask id="x"/>'
        + flows("s -> g", "g -> x : returns > 1", "g -> e", "x -> e")
    )

    with pytest.raises(ExpressionError, match="returns"):
        start(compile_definition(xml), {})


def test_the_arguments_of_a_step_are_not_changed():
    definition = compile_definition(repeating())
    first = start(definition, {"k": 1})
    variables = {"k": 1}

    step(definition, first.state, Event("complete", "work", {"n": 2}), variables)

    assert variables == {"k": 1}


def test_threads_share_a_definition():
    definition = compile_definition(nested())
    first = start(definition, {})
    wrong: list[object] = []

    def work() -> None:
        for _ in range(150):
            now = step(definition, first.state, Event("done", "late"), {})
            now = step(definition, now.state, Event("complete", "x"), {})
            wrong.extend([] if now.ends == ("e3", "e2", "e") else [now])

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_error_thrown_deep_inside_leaves_every_sub_process_on_its_way():
    walk = Walk(
        sub_process(
            '<subProcess id="deep"><startEvent id="s3"/><parallelGateway id="a"/>'
            + users("x", "y")
            + '<endEvent id="e3"><errorEventDefinition errorRef="err"/></endEvent><endEvent id="e4"/>'
            + flows("s3 -> a", "a -> x -> e3", "a -> y -> e4")
            + '</subProcess><endEvent id="e2"/>'
            + flows("s2 -> deep -> e2"),
            '<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>'
            + users("mend")
            + flows("b -> mend -> other"),
        )
    )

    now = walk.complete("x")

    assert (set(now.closed), now.opened, now.state) == ({"x", "y"}, ("mend",), '{"t":["mend"]}')
    assert walk.complete("mend").ends == ("other",)


def test_timer_and_message_starts_are_told_and_run_like_plain_ones():
    timed = '<timerEventDefinition lodestar:stage="filing" lodestar:workdays="2"/>'
    sent = '<messageEventDefinition messageRef="m1"/>'
    rest = '<endEvent id="e"/><userTask id="x"/>' + flows("s -> x -> e")

    by_timer = compile_definition(draw(f'<startEvent id="s">{timed}</startEvent>' + rest))
    by_message = compile_definition(draw(f'<startEvent id="s">{sent}</startEvent>' + rest, around=MESSAGES))

    assert by_timer.start == Start("s", timer=TimerSpec("stage", workdays=2, stage="filing"))
    assert by_message.start == Start("s", message="closed")
    assert start(by_timer, {}).opened == start(by_message, {}).opened == ("x",)


def test_lane_outcomes_and_deadlines_of_a_user_task_are_read():
    definition = compile_definition(
        draw(
            '<laneSet id="ls"><lane id="province_auditor"><flowNodeRef>sub</flowNodeRef></lane></laneSet>'
            '<startEvent id="s"/><endEvent id="e"/><subProcess id="sub"><startEvent id="s2"/><endEvent id="e2"/>'
            '<userTask id="audit" name="省级审核" lodestar:form="audit_opinion" lodestar:dueWorkdays="10" '
            'lodestar:notBy="audit" lodestar:priority="2"><extensionElements><lodestar:outcome code="return_for_correction" '
            'zh="退回补正" en="Return" when="returns &lt; 2" requires="reasons,opinion"/></extensionElements></userTask>'
            + flows("s2 -> audit -> e2")
            + "</subProcess>"
            + flows("s -> sub -> e")
        )
    )

    assert definition.nodes["audit"] == Node(
        id="audit",
        kind=NodeKind.USER,
        name="省级审核",
        role="province_auditor",
        form="audit_opinion",
        outcomes=(Outcome("return_for_correction", "退回补正", "Return", "returns < 2", ("reasons", "opinion")),),
        due_workdays=10,
        not_by=("audit",),
        priority=2,
    )
