# ruff: noqa: SLF001 -- SpiffWorkflow's hooks are its underscored methods; this module is where they are bent
"""SpiffWorkflow's joins and sub-processes made exact.

Joins count the inputs that have arrived since they last fired: the library counts those of earlier rounds of a loop
too, and looks at one path only before an inclusive join.
"""

from typing import Any, TypeAlias

from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway, ParallelGateway, SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from app.engine.faults import FaultError

SpiffSpec: TypeAlias = Any
SpiffTask: TypeAlias = Any
SpiffNet: TypeAlias = Any
SpiffEvent: TypeAlias = Any
"""SpiffWorkflow carries no types; these names say at least what is meant."""

_LIVE = TaskState.FUTURE | TaskState.WAITING | TaskState.READY | TaskState.STARTED


def _arrivals(spec: SpiffSpec, my_task: SpiffTask) -> tuple[list[Any], set[str]]:
    """The other arrivals that wait at a join, and the inputs that have arrived."""
    others = [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is spec and task is not my_task and task._state == TaskState.WAITING
    ]
    return others, {task.parent.task_spec.name for task in (my_task, *others)}


def _pass_or_wait(my_task: SpiffTask, others: list[Any], *, may_fire: bool) -> bool:
    if not may_fire:
        my_task._set_state(TaskState.WAITING)
        return False
    for task in others:
        task._state = TaskState.CANCELLED
        my_task.workflow._remove_task(task.id)
    return True


def no_condition(gateway: str) -> FaultError:
    """None of a gateway's conditions holds and it has no default flow."""
    return FaultError("no_condition", gateway, f"no condition holds at the gateway '{gateway}'")


class FirstMatchGateway(ExclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """Takes the first flow, in the order of the file, whose condition holds, else the default flow."""

    def _run_hook(self, my_task: SpiffTask) -> bool:
        chosen = self.default_task_spec
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):
                chosen = name
                break
        if chosen is None:
            raise no_condition(self.name)
        my_task._add_child(self._wf_spec.task_specs[chosen], TaskState.FUTURE)
        return True


class CountingParallelGateway(ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """Fires when every input has arrived since it last fired."""

    def _update_hook(self, my_task: SpiffTask) -> bool:
        others, arrived = _arrivals(self, my_task)
        return _pass_or_wait(my_task, others, may_fire=len(arrived) == len(set(self._inputs)))

    def _run_hook(self, _my_task: SpiffTask) -> bool:
        return True


class LookingInclusiveGateway(InclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """Waits while a token elsewhere can still reach an input that is empty and none that has arrived (BPMN 2.0, 13.4.3)."""

    def _reaching(self) -> dict[str, frozenset[str]]:
        """For each input the nodes from which it can be reached without passing this gateway; computed once."""
        if "reaching" not in self.data:
            self.data["reaching"] = {name: self._upstream(name) for name in self._inputs}
        found: dict[str, frozenset[str]] = self.data["reaching"]
        return found

    def _upstream(self, name: str) -> frozenset[str]:
        seen, todo = {name}, [name]
        while todo:
            for before in self._wf_spec.task_specs[todo.pop()]._inputs:
                if before not in seen and before != self.name:
                    seen.add(before)
                    todo.append(before)
        return frozenset(seen)

    def _update_hook(self, my_task: SpiffTask) -> bool:
        others, arrived = _arrivals(self, my_task)
        reaching = self._reaching()
        empty = [reaching[name] for name in self._inputs if name not in arrived]
        full = [reaching[name] for name in arrived]
        may_fire = not any(
            any(place in nodes for nodes in empty) and not any(place in nodes for nodes in full)
            for place in self._places(my_task)
        )
        return _pass_or_wait(my_task, others, may_fire=may_fire)

    def _places(self, my_task: SpiffTask) -> set[str]:
        return {
            task.task_spec.name
            for task in my_task.workflow.tasks.values()
            if task._state & _LIVE and task.task_spec is not self
        }

    def _run_hook(self, my_task: SpiffTask) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise no_condition(self.name)
        for spec in matches or defaults:
            my_task._add_child(spec, TaskState.FUTURE)
        return True


class SubProcess(SubWorkflowTask):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """A sub-process that, once left through a boundary event, does not complete as well."""

    def _on_subworkflow_completed(self, _subworkflow: SpiffNet, my_task: SpiffTask) -> None:
        if my_task._state == TaskState.STARTED:
            my_task._set_state(TaskState.READY)
