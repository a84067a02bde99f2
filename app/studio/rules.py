"""Pure parts of the studio: a finding in words for clients, an empty flow to begin with."""

from collections.abc import Iterable
from html import escape
from typing import Any

from app.engine.window import Finding


def describe_finding(finding: Finding, file: str) -> dict[str, Any]:
    """A finding as contract.md writes it."""
    return {
        "file": file,
        "element_id": finding.element_id,
        "element_name": finding.element_name,
        "rule": finding.rule,
        "severity": finding.severity,
        "message_zh": finding.message_zh,
        "message_en": finding.message_en,
        "path": list(finding.path),
    }


def count_errors(findings: Iterable[dict[str, Any]]) -> int:
    """How many of them forbid a deployment."""
    return sum(finding["severity"] == "error" for finding in findings)


def blank_flow(*, key: str, name: str, role: str, role_name: str) -> bytes:
    """A flow that runs as it stands: start, one user task in the lane of `role`, end. Provable from the first second."""
    return _BLANK.format(key=key, name=escape(name), role=role, role_name=escape(role_name)).encode()


_BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:lodestar="http://lodestar.review/schema/bpmn" id="{key}_definitions" targetNamespace="http://lodestar.review/flows">
  <bpmn:collaboration id="{key}_collaboration">
    <bpmn:participant id="{key}_pool" name="{name}" processRef="{key}" />
  </bpmn:collaboration>
  <bpmn:process id="{key}" name="{name}" isExecutable="true">
    <bpmn:laneSet id="{key}_lanes">
      <bpmn:lane id="{role}" name="{role_name}">
        <bpmn:flowNodeRef>start</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>work</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>end</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start" name="开始">
      <bpmn:outgoing>start_to_work</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="work" name="办理">
      <bpmn:incoming>start_to_work</bpmn:incoming>
      <bpmn:outgoing>work_to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end" name="办结">
      <bpmn:incoming>work_to_end</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="start_to_work" sourceRef="start" targetRef="work" />
    <bpmn:sequenceFlow id="work_to_end" sourceRef="work" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{key}_diagram">
    <bpmndi:BPMNPlane id="{key}_plane" bpmnElement="{key}_collaboration">
      <bpmndi:BPMNShape id="{key}_pool_di" bpmnElement="{key}_pool" isHorizontal="true">
        <dc:Bounds x="160" y="80" width="640" height="200" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{role}_di" bpmnElement="{role}" isHorizontal="true">
        <dc:Bounds x="190" y="80" width="610" height="200" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="262" y="162" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="268" y="205" width="24" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="work_di" bpmnElement="work">
        <dc:Bounds x="400" y="140" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="end_di" bpmnElement="end">
        <dc:Bounds x="612" y="162" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="618" y="205" width="24" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="start_to_work_di" bpmnElement="start_to_work">
        <di:waypoint x="298" y="180" />
        <di:waypoint x="400" y="180" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="work_to_end_di" bpmnElement="work_to_end">
        <di:waypoint x="500" y="180" />
        <di:waypoint x="612" y="180" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
