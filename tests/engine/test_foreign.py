"""Files that other tools wrote are read as they are; what is theirs is kept and told."""

import pytest

from app.engine import Event, check_definition, compile_definition, start, step

MODEL = 'xmlns:{}="http://www.omg.org/spec/BPMN/20100524/MODEL"'
DRAWING = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def shape(id_: str) -> str:
    return f'<bpmndi:BPMNShape id="{id_}_di" bpmnElement="{id_}"><dc:Bounds x="1" y="1" width="36" height="36"/></bpmndi:BPMNShape>'


CAMUNDA_7 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {MODEL.format("bpmn")} {DRAWING} xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1x" targetNamespace="http://bpmn.io/schema/bpmn"
  exporter="Camunda Modeler" exporterVersion="5.24.0" modeler:executionPlatform="Camunda Platform"
  modeler:executionPlatformVersion="7.21.0">
  <bpmn:process id="Process_1" name="Invoice" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="StartEvent_1" camunda:initiator="starter"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Task_1"/>
    <bpmn:userTask id="Task_1" name="Approve" camunda:candidateGroups="accounting" camunda:formKey="embedded:app:x.html">
      <bpmn:documentation>Look at it.</bpmn:documentation>
      <bpmn:extensionElements>
        <camunda:taskListener event="create" class="org.x.Listener"/>
        <camunda:formData><camunda:formField id="approved" label="OK?" type="boolean"/></camunda:formData>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Task_1" targetRef="End_1"/>
    <bpmn:endEvent id="End_1"><bpmn:incoming>Flow_2</bpmn:incoming></bpmn:endEvent>
    <bpmn:textAnnotation id="TextAnnotation_1"><bpmn:text>Note</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_1" associationDirection="None" sourceRef="Task_1" targetRef="TextAnnotation_1"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1"><bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Process_1">
    {shape("Task_1")}
    <bpmndi:BPMNEdge id="Flow_1_di" bpmnElement="Flow_1"><di:waypoint x="1" y="2"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""

CAMUNDA_8 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {MODEL.format("bpmn")} {DRAWING} xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_8" targetNamespace="http://bpmn.io/schema/bpmn"
  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">
  <bpmn:collaboration id="Collaboration_1">
    <bpmn:participant id="Participant_1" name="House" processRef="Process_8"/>
    <bpmn:participant id="Participant_2" name="Customer"/>
    <bpmn:messageFlow id="MessageFlow_1" sourceRef="Participant_2" targetRef="Start_8"/>
  </bpmn:collaboration>
  <bpmn:process id="Process_8" isExecutable="true">
    <bpmn:extensionElements><zeebe:versionTag value="v1"/></bpmn:extensionElements>
    <bpmn:laneSet id="LaneSet_1"><bpmn:lane id="filer" name="Filer"><bpmn:flowNodeRef>Task_8</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="Start_8"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Task_8" name="Fill in">
      <bpmn:extensionElements>
        <zeebe:userTask/><zeebe:formDefinition formId="form-1"/><zeebe:assignmentDefinition candidateGroups="a"/>
      </bpmn:extensionElements>
      <bpmn:incoming>F1</bpmn:incoming><bpmn:outgoing>F2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="End_8"><bpmn:incoming>F2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Start_8" targetRef="Task_8"/>
    <bpmn:sequenceFlow id="F2" sourceRef="Task_8" targetRef="End_8"/>
    <bpmn:group id="Group_1" categoryValueRef="CategoryValue_1"/>
  </bpmn:process>
  <bpmn:category id="Category_1"><bpmn:categoryValue id="CategoryValue_1" value="Phase"/></bpmn:category>
</bpmn:definitions>"""

SIGNAVIO = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {DRAWING} xmlns:signavio="http://www.signavio.com"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" exporter="Signavio Process Editor, http://www.signavio.com"
  exporterVersion="17.2.0" expressionLanguage="http://www.w3.org/TR/XPath" id="sid-d1"
  targetNamespace="http://www.signavio.com" typeLanguage="http://www.w3.org/2001/XMLSchema"
  xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL http://www.omg.org/spec/BPMN/2.0/20100501/BPMN20.xsd">
  <process id="sid-p1" isClosed="false" isExecutable="true" name="Antrag" processType="None">
    <extensionElements/>
    <laneSet id="sid-ls1"><lane id="sid-lane1" name="Bearbeiter">
      <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue=""/></extensionElements>
      <flowNodeRef>sid-t1</flowNodeRef></lane></laneSet>
    <startEvent id="sid-s1" name=""><extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffff"/></extensionElements><outgoing>sid-f1</outgoing></startEvent>
    <task completionQuantity="1" id="sid-t1" isForCompensation="false" name="Prüfen" startQuantity="1">
      <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/><signavio:signavioLabel align="left" ref="text_name"/></extensionElements>
      <incoming>sid-f1</incoming><outgoing>sid-f2</outgoing></task>
    <endEvent id="sid-e1" name=""><incoming>sid-f2</incoming></endEvent>
    <dataObject id="sid-do1" isCollection="false" name="Akte"/>
    <dataObjectReference id="sid-dor1" dataObjectRef="sid-do1"/>
    <sequenceFlow id="sid-f1" isImmediate="true" sourceRef="sid-s1" targetRef="sid-t1"/>
    <sequenceFlow id="sid-f2" isImmediate="true" sourceRef="sid-t1" targetRef="sid-e1"/>
  </process>
  <bpmndi:BPMNDiagram id="sid-dg1"><bpmndi:BPMNPlane bpmnElement="sid-p1" id="sid-pl1">{shape("sid-t1")}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"""

FLOWABLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {DRAWING} xmlns:flowable="http://flowable.org/bpmn"
  xmlns:design="http://flowable.org/design" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC"
  typeLanguage="http://www.w3.org/2001/XMLSchema" expressionLanguage="http://www.w3.org/1999/XPath"
  targetNamespace="http://www.flowable.org/processdef" exporter="Flowable Open Source Modeler">
  <process id="holiday" name="Holiday" isExecutable="true" flowable:candidateStarterGroups="everyone">
    <startEvent id="start" flowable:formFieldValidation="true" flowable:formKey="request"/>
    <userTask id="approve" name="Approve" flowable:assignee="$INITIATOR" flowable:dueDate="P3D">
      <extensionElements><flowable:taskListener event="complete" class="x.Y"/><design:stencilid><![CDATA[FormTask]]></design:stencilid></extensionElements>
    </userTask>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="approve"><extensionElements><design:stencilid><![CDATA[SequenceFlow]]></design:stencilid></extensionElements></sequenceFlow>
    <sequenceFlow id="f2" sourceRef="approve" targetRef="end"/>
  </process>
</definitions>"""

PROCESSMAKER = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {MODEL.format("bpmn")} {DRAWING} xmlns:pm="http://processmaker.com/BPMN/2.0/Schema.xsd"
  targetNamespace="http://bpmn.io/schema/bpmn" exporter="ProcessMaker Modeler" exporterVersion="1.0">
  <bpmn:process id="ProcessId" name="ProcessName" isExecutable="true">
    <bpmn:startEvent id="node_1" name="Start" pm:allowInterstitial="true"><bpmn:outgoing>node_4</bpmn:outgoing></bpmn:startEvent>
    <bpmn:task id="node_2" name="Form Task" pm:screenRef="3" pm:assignment="requester" pm:dueIn="72"><bpmn:incoming>node_4</bpmn:incoming><bpmn:outgoing>node_5</bpmn:outgoing></bpmn:task>
    <bpmn:endEvent id="node_3" name="End" pm:screenRef=""><bpmn:incoming>node_5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="node_4" sourceRef="node_1" targetRef="node_2" pm:startEvent=""/>
    <bpmn:sequenceFlow id="node_5" sourceRef="node_2" targetRef="node_3"/>
  </bpmn:process>
</bpmn:definitions>"""

BPMN_IO = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions {MODEL.format("bpmn2")} {DRAWING} xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
  xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" id="sample-diagram" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn2:process id="Process_1" isExecutable="true">
    <bpmn2:startEvent id="StartEvent_1"><bpmn2:outgoing>F1</bpmn2:outgoing></bpmn2:startEvent>
    <bpmn2:task id="Activity_1"><bpmn2:incoming>F1</bpmn2:incoming><bpmn2:outgoing>F2</bpmn2:outgoing>
      <bpmn2:property id="Property_1" name="__targetRef_placeholder"/>
      <bpmn2:dataInputAssociation id="DataInputAssociation_1"><bpmn2:sourceRef>DataObjectReference_1</bpmn2:sourceRef><bpmn2:targetRef>Property_1</bpmn2:targetRef></bpmn2:dataInputAssociation>
    </bpmn2:task>
    <bpmn2:dataObjectReference id="DataObjectReference_1" dataObjectRef="DataObject_1"/><bpmn2:dataObject id="DataObject_1"/>
    <bpmn2:endEvent id="Event_1"><bpmn2:incoming>F2</bpmn2:incoming></bpmn2:endEvent>
    <bpmn2:sequenceFlow id="F1" sourceRef="StartEvent_1" targetRef="Activity_1"/>
    <bpmn2:sequenceFlow id="F2" sourceRef="Activity_1" targetRef="Event_1"/>
  </bpmn2:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1"><bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Process_1">
    <bpmndi:BPMNShape id="s_di" bpmnElement="Activity_1" bioc:stroke="#1E88E5" color:background-color="#BBDEFB"><dc:Bounds x="1" y="1" width="1" height="1"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn2:definitions>"""

SEMANTIC = BPMN_IO.replace("bpmn2:", "semantic:").replace("xmlns:bpmn2", "xmlns:semantic")

FILES = {
    "camunda 7": (CAMUNDA_7, "Task_1", {"Process_1", "StartEvent_1", "Task_1"}),
    "camunda 8": (CAMUNDA_8, "Task_8", {"Process_8", "Task_8"}),
    "signavio": (SIGNAVIO, "sid-t1", {"sid-p1", "sid-s1", "sid-t1"}),
    "flowable": (FLOWABLE, "approve", {"holiday", "start", "approve", "f1"}),
    "processmaker": (PROCESSMAKER, "node_2", {"node_1", "node_2", "node_3", "node_4"}),
    "bpmn.io": (BPMN_IO, "Activity_1", set()),
    "semantic prefix": (SEMANTIC, "Activity_1", set()),
}


@pytest.mark.parametrize("tool", FILES)
def test_file_of_another_tool_is_read_and_runs(tool):
    text, task, _ = FILES[tool]
    xml = text.encode()

    findings, proof = check_definition(xml, None)
    definition = compile_definition(xml)
    first = start(definition, {})

    assert [found for found in findings if found.severity == "error"] == []
    assert (len(proof.states), proof.bounded) == (1, False)
    assert first.opened == (task,)
    assert step(definition, first.state, Event("complete", task), {}).finished


@pytest.mark.parametrize("tool", FILES)
def test_extensions_of_another_tool_are_named_at_each_element(tool):
    text, _, places = FILES[tool]

    findings, _ = check_definition(text.encode(), None)

    assert {found.element_id for found in findings if found.rule == "foreign_extension"} == places


def test_a_warning_names_what_is_not_used():
    findings, _ = check_definition(CAMUNDA_7.encode(), None)
    (found,) = [one for one in findings if (one.rule, one.element_id) == ("foreign_extension", "Task_1")]

    assert "camunda:candidateGroups" in found.message_en
    assert "camunda:taskListener" in found.message_zh


def test_work_that_only_another_tool_can_do_is_refused_at_its_element():
    xml = CAMUNDA_7.replace("<bpmn:userTask", '<bpmn:serviceTask camunda:class="org.x.Pay"').replace(
        "bpmn:userTask>", "bpmn:serviceTask>"
    )
    findings, _ = check_definition(xml.encode(), None)

    assert [(one.rule, one.element_id) for one in findings if one.severity == "error"] == [("no_operation", "Task_1")]


def test_of_several_pools_the_executable_process_is_read():
    other = '<bpmn:process id="Other" isExecutable="false"><bpmn:startEvent id="o1"/></bpmn:process></bpmn:definitions>'
    xml = CAMUNDA_8.replace("</bpmn:definitions>", other)

    assert compile_definition(xml.encode()).key == "Process_8"
