"""The event log: well-formed, complete, in order, nobody by name, in constant memory."""

from datetime import timedelta

import orjson
import pytest
from lxml import etree
from sqlalchemy import select

from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.event_log.exporting import write_log
from app.processes.event_log.reading import LogFilter, Pseudonyms, stream_cases
from app.processes.models import ProcessEvent, WorkItem
from app.processes.operating.cancelling import cancel_instances
from app.processes.sets import waves
from app.processes.worker import work_off
from tests.processes.conftest import note_call
from tests.support.diagrams import boundary_timer, diagram, end, flows, service, start, user

XES = "{http://www.xes-standard.org/}"
AUDIT = diagram(
    "audit_case",
    start() + user("fill") + service("check", "test.check") + user("audit", outcomes="approve,reject") + end()
    + flows("begin>fill", "fill>check", "check>audit", "audit>end"),
)  # fmt: skip


@pytest.fixture
def cases(deploy, run, upper_rooms, designer):
    """One case gone through in round 7, one cancelled in round 8, one trial."""
    upper_rooms(operations={"test.check": note_call([])})
    deploy(AUDIT)
    through, cancelled = run("audit_case", batch_id=7, province_code="370000"), run("audit_case", batch_id=8)
    trial = run("audit_case", is_trial=True)
    for outcome in (None, "approve"):
        session.rollback()
        item = session.scalars(select(WorkItem).where(WorkItem.instance_id == through, WorkItem.status == "open")).one()
        with transaction():
            complete_item(item_id=item.id, outcome=outcome, values={}, actor=designer)
    with transaction():
        cancel_instances(ids=[cancelled], reason="重复", actor=designer)
    session.rollback()
    return through, cancelled, trial


def document(format_, **wanted):
    return "".join(write_log(LogFilter(**wanted), format_=format_, key="secret"))


def values_of(element):
    return {child.get("key"): child.get("value") for child in element if child.tag not in (XES + "event",)}


def test_xes_holds_a_trace_for_each_case_with_its_events_in_order(cases, designer):
    log = etree.fromstring(document("xes", process="audit_case").encode())

    traces = log.findall(XES + "trace")
    assert [values_of(trace)["concept:name"] for trace in traces] == [str(cases[0]), str(cases[1])]
    first = [values_of(event) for event in traces[0].findall(XES + "event")]
    assert [(one["concept:name"], one["lifecycle:transition"], one.get("outcome")) for one in first] == [
        ("fill", "complete", None),
        ("check", "complete", None),
        ("audit", "complete", "approve"),
    ]
    assert first[0]["start_timestamp"] <= first[0]["time:timestamp"] <= first[2]["time:timestamp"]
    assert first[0]["org:role"] == "designer"
    assert (first[0]["org:resource"], first[1].get("org:resource")) == (Pseudonyms("secret").name(designer.id), None)
    second = [values_of(event) for event in traces[1].findall(XES + "event")]
    assert [(one["concept:name"], one["lifecycle:transition"]) for one in second] == [
        ("fill", "withdraw"),
        ("cancelled", "withdraw"),
    ]


def test_nobody_is_named_and_no_title_leaves(cases, designer):
    for format_ in ("xes", "ocel"):
        text = document(format_)

        assert designer.name not in text
        assert "测试" not in text
        assert "重复" not in text


def test_a_log_of_one_round_holds_that_round_only(cases):
    log = etree.fromstring(document("xes", round_id=8).encode())

    assert [values_of(trace)["round"] for trace in log.findall(XES + "trace")] == ["8"]


def test_trials_are_told_only_when_asked_for(cases):
    log = etree.fromstring(document("xes", trials=True).encode())

    assert len(log.findall(XES + "trace")) == 3


def test_ocel_links_every_event_to_objects_that_are_there(cases):
    log = orjson.loads(document("ocel"))

    objects = {one["id"]: one for one in log["objects"]}
    links = [link["objectId"] for one in [*log["events"], *log["objects"]] for link in one["relationships"]]
    assert set(links) <= set(objects)
    assert {one["type"] for one in log["objects"]} == {one["name"] for one in log["objectTypes"]}
    assert {one["type"] for one in log["events"]} == {one["name"] for one in log["eventTypes"]}
    assert objects[f"instance-{cases[0]}"]["relationships"] == [
        {"objectId": "case-1", "qualifier": "about"},
        {"objectId": "round-7", "qualifier": "of_round"},
    ]
    assert len({one["id"] for one in log["events"]}) == len(log["events"]) == 5


TIMED = diagram(
    "timed_case",
    start() + user("answer") + boundary_timer("late", attached_to="answer", text="P3D") + user("remind") + end()
    + end("over") + flows("begin>answer", "answer>end", "late>remind", "remind>over"),
)  # fmt: skip


def test_what_a_set_move_did_is_told_of_every_case(deploy, run, upper_rooms, monkeypatch):
    monkeypatch.setattr(waves, "WAVE", 2)
    deploy(TIMED)
    moved = [run("timed_case") for _ in range(3)]
    with clock.at(clock.now() + timedelta(days=4)):
        work_off()
    shared = session.scalars(select(ProcessEvent).where(ProcessEvent.instance_id.is_(None))).all()

    log = etree.fromstring(document("xes", process="timed_case").encode())
    events = orjson.loads(document("ocel"))["events"]

    assert [line.node for line in shared] == ["late"]
    for trace in log.findall(XES + "trace"):
        told = [values_of(event) for event in trace.findall(XES + "event")]
        assert [(one["concept:name"], one["lifecycle:transition"]) for one in told] == [
            ("late", "complete"),
            ("answer", "ate_abort"),
        ]
        assert told[1]["start_timestamp"] < told[1]["time:timestamp"] == told[0]["time:timestamp"]
    assert len({event["id"] for event in events}) == len(events) == 2 * len(moved)


def test_an_item_that_ends_alone_is_told_with_what_ended_it(deploy, run, designer):
    deploy(TIMED)
    late, cancelled = run("timed_case", batch_id=1), run("timed_case", batch_id=2)
    with transaction():
        cancel_instances(ids=[cancelled], reason="重复", actor=designer)
    with clock.at(clock.now() + timedelta(days=4)):
        work_off()

    cases = {case.id: case for case in stream_cases(LogFilter(process="timed_case"), pseudonyms=Pseudonyms("secret"))}

    told = {id_: [(event.activity, event.lifecycle) for event in case.events] for id_, case in cases.items()}
    assert told == {
        late: [("late", "complete"), ("answer", "ate_abort")],
        cancelled: [("answer", "withdraw"), ("cancelled", "withdraw")],
    }
    assert len({event.at for event in cases[late].events}) == 1


def test_a_case_is_held_at_a_time(cases, count_statements):
    with count_statements() as statements:
        told = [case.id for case in stream_cases(LogFilter(), pseudonyms=Pseudonyms("secret"))]

    assert (told, len(statements)) == ([cases[0], cases[1]], 5)
