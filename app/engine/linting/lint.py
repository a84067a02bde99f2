"""The linter: speaks before the engine does, in words, at the element at fault; then the engine's own proof."""

import hashlib

from app.engine.definition import build_definition, faults
from app.engine.linting.habits import check_habits
from app.engine.linting.messages import finding
from app.engine.linting.references import check_references
from app.engine.linting.variables import check_variables
from app.engine.proving.explore import explore
from app.engine.source import read_diagram
from app.engine.window import DefinitionRefusedError, Finding, Proof, References


def check_definition(xml: bytes, references: References | None) -> tuple[list[Finding], Proof | None]:
    """All findings of a BPMN file, and the proof where nothing stood in its way.

    Without `references` the names of roles, forms, operations and the like are not looked up.
    """
    try:
        diagram = read_diagram(xml)
        findings = faults(diagram)
        if any(found.rule == "too_many_nodes" for found in findings):
            return findings, None
        findings += check_habits(diagram)
        findings += check_variables(diagram, references)
        if references is not None:
            findings += check_references(diagram, references)
        if any(found.severity == "error" for found in findings):
            return findings, None
        definition = build_definition(diagram, hashlib.sha256(xml).hexdigest())
    except DefinitionRefusedError as refusal:
        return list(refusal.findings), None
    proof = explore(definition)
    findings += proof.findings
    if proof.bounded:
        findings.append(finding("not_proven", diagram.key, diagram.name, states=len(proof.states)))
    return findings, proof
