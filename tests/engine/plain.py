"""SpiffWorkflow used plainly: never dumped and loaded, its own joins, its own tree. A second opinion and a yardstick."""

from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import CodeEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from app.engine.lower import lower
from app.engine.source import read_diagram
from app.engine.step import Scripts


def plain_specs(xml: bytes):
    """(spec, sub-process specs) of the lowered diagram, parsed by the library's own parser."""
    diagram = read_diagram(xml)
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(etree.tostring(lower(diagram))))
    return parser.get_spec(diagram.key), parser.get_subprocess_specs(diagram.key)


class Plain:
    """One instance in memory."""

    def __init__(self, specs, variables):
        self.scripts = Scripts(dict(variables))
        self.workflow = BpmnWorkflow(*specs, script_engine=self.scripts)
        self.workflow.do_engine_steps()

    def waiting(self) -> dict:
        found = {}
        for task in self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING):
            spec = task.task_spec
            if task.state == TaskState.READY and spec.manual:
                found[spec.name] = task
            elif isinstance(spec, EventBasedGateway):
                found |= dict.fromkeys(spec._outputs, task)
            elif isinstance(spec, CatchingEvent) and not isinstance(spec.event_definition, CodeEventDefinition):
                found[spec.name] = task
        return found

    def fire(self, node: str, values) -> None:
        self.scripts.variables.update(values)
        task = self.waiting()[node]
        spec = task.task_spec
        if spec.manual:
            task.run()
        else:
            if isinstance(spec, EventBasedGateway):
                chosen = spec.event_definition.event_definitions[spec._outputs.index(node)]
                task.internal_data["seen_events"] = [BpmnEvent(chosen)]
            else:
                task._set_internal_data(event_fired=True)
            spec._update(task)
        self.workflow.do_engine_steps()


class CachedSpecConverter(BpmnWorkflowConverter):
    """Stores an instance without its spec: the fastest that the plain library can be made."""

    specs: tuple = ()

    def to_dict(self, workflow):
        dct = WorkflowConverter.to_dict(self, workflow)
        return dct | {"subprocesses": self.mapping_to_dict(workflow.subprocesses)}

    def from_dict(self, dct):
        workflow = self.target_class(*self.specs, deserializing=True)
        workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks.get(UUID(dct["root"]))
        self.set_default_attributes(workflow, dct)
        self.subprocesses_from_dict(dct["subprocesses"], workflow)
        return workflow


def plain_registry(specs):
    """A registry that restores instances of the given specs."""
    converter = type("Converter", (CachedSpecConverter,), {"specs": specs})
    return BpmnWorkflowSerializer.configure(DEFAULT_CONFIG | {BpmnWorkflow: converter})
