"""Drafts, checks and deployments."""

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.engine.window import DefinitionRefusedError
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.transaction import transaction
from app.processes.models import ProcessDefinition
from app.processes.queries import get_instance, get_version
from app.studio import queries, usecases
from app.studio.rules import blank_flow
from tests.factories.accounts import make_actor
from tests.support.diagrams import diagram, end, flows, start, user
from tests.support.flows import start_filing

SMALL = diagram("small", start() + user("work") + end() + flows("begin>work", "work>end"), lanes={"designer": "work"})
CHANGED = SMALL.replace(b'name="work"', b'name="changed"')
BROKEN = diagram("small", start() + user("work") + end() + flows("begin>work"), lanes={"designer": "work"})


def save(actor, xml, *, key="small", revision=0, base_version=0):
    with transaction():
        return usecases.save_draft(key=key, xml=xml, revision=revision, base_version=base_version, actor=actor)


def deploy(actor, xml, *, key="small", base_version=0, note="改"):
    with transaction():
        return usecases.deploy_flow(key=key, xml=xml, note=note, base_version=base_version, actor=actor)


def test_a_draft_is_kept_and_counts_its_savings(designer):
    first = save(designer, SMALL).revision
    second = save(designer, CHANGED, revision=1)

    assert (first, second.revision, bytes(second.xml)) == (1, 2, CHANGED)


def test_a_second_window_overwrites_nothing(designer):
    save(designer, SMALL)
    save(designer, CHANGED, revision=1)

    with pytest.raises(ConflictError, match="draft_moved_on"):
        save(designer, SMALL, revision=1)
    with pytest.raises(ConflictError, match="draft_moved_on"):
        save(designer, SMALL)
    assert bytes(queries.find_draft(key="small", actor=designer).xml) == CHANGED


def test_a_draft_is_its_owners_alone(designer):
    save(designer, SMALL)
    colleague = make_actor(Role.DESIGNER)

    assert queries.find_draft(key="small", actor=colleague) is None
    assert queries.list_drafts(colleague) == []


@pytest.mark.parametrize("xml", [b"not xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>" * 101 + b"</a>" * 101])
def test_a_hostile_file_is_no_draft(designer, xml):
    with pytest.raises(DefinitionRefusedError):
        save(designer, xml)
    with pytest.raises(DefinitionRefusedError), transaction():
        usecases.upload_flow(xml=xml, replace=False, actor=designer)


def test_a_file_beyond_one_megabyte_is_no_draft(designer):
    with pytest.raises(InvalidError, match="definition_too_large"):
        save(designer, SMALL + b" " * 1_048_576)
    with pytest.raises(DefinitionRefusedError, match="1 MB"), transaction():
        usecases.upload_flow(xml=SMALL + b" " * 1_048_576, replace=False, actor=designer)


def test_an_upload_replaces_a_draft_only_when_asked_to(designer):
    save(designer, SMALL)

    with pytest.raises(InvalidError, match="draft_exists"), transaction():
        usecases.upload_flow(xml=CHANGED, replace=False, actor=designer)
    with transaction():
        usecases.upload_flow(xml=CHANGED, replace=True, actor=designer)

    draft = queries.find_draft(key="small", actor=designer)
    assert (bytes(draft.xml), draft.revision) == (CHANGED, 1)


@pytest.mark.parametrize("key", ["", "Small", "1st", "a b", "a" * 65, "甲", "a.b"])
def test_a_key_is_a_small_identifier(designer, key):
    with pytest.raises(InvalidError, match="definition_key_invalid"), transaction():
        usecases.create_flow(key=key, name="新", actor=designer)


def test_a_key_in_use_is_taken(designer):
    with pytest.raises(InvalidError, match="definition_key_taken"), transaction():
        usecases.create_flow(key="filing", name="新", actor=designer)


def test_a_new_flow_is_deployed_as_it_stands(designer):
    with transaction():
        usecases.create_flow(key="city_award", name="市级评优", actor=designer)
    draft = queries.find_draft(key="city_award", actor=designer)

    deployed = deploy(designer, bytes(draft.xml), key="city_award")

    assert (deployed.version, get_version("city_award").name) == (1, "市级评优")
    assert queries.find_draft(key="city_award", actor=designer) is None


def test_a_deployment_is_the_next_version_and_running_cases_stay(designer):
    instance_id = start_filing(designer)
    first = get_version("filing")
    xml = first.bpmn_xml.replace("市级初审".encode(), "市级预审".encode())

    deployed = deploy(designer, xml, key="filing", base_version=1, note="改名")

    assert (deployed.version, get_version("filing").note) == (2, "改名")
    assert get_instance(instance_id).definition_id == first.id
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "studio.deploy_flow")).all()
    assert actions == ["studio.deploy_flow"]


def test_a_refused_flow_changes_nothing(designer):
    save(designer, BROKEN)

    with pytest.raises(DefinitionRefusedError) as refused:
        deploy(designer, BROKEN)

    assert {finding.element_id for finding in refused.value.findings} >= {"work"}
    count = session.scalar(select(func.count()).where(ProcessDefinition.key == "small"))
    assert (count, bytes(queries.find_draft(key="small", actor=designer).xml)) == (0, BROKEN)


def test_nobody_deploys_over_a_version_that_they_have_not_seen(designer):
    deploy(designer, SMALL)

    with pytest.raises(ConflictError, match="definition_moved_on"):
        deploy(make_actor(Role.DESIGNER), CHANGED)

    assert get_version("small").version == 1


def test_a_deployment_says_what_changed(designer):
    with pytest.raises(InvalidError, match="deployment_note_missing"):
        deploy(designer, SMALL, note="  ")


def test_a_flow_is_not_deployed_under_the_address_of_another(designer):
    with pytest.raises(InvalidError, match="definition_key_differs"):
        deploy(designer, SMALL, key="filing", base_version=1)


def test_a_check_proves_without_deploying(designer):
    good, bad = usecases.check_flow(key="small", xml=SMALL), usecases.check_flow(key="small", xml=BROKEN)

    assert (good.findings, good.proof) == ([], {"states": 1, "transitions": 2, "bounded": False, "reduced": False})
    assert bad.proof is None
    assert all(
        set(one) == {"file", "element_id", "element_name", "rule", "severity", "message_zh", "message_en", "path"}
        for one in bad.findings
    )


def test_findings_speak_of_the_revision_that_was_checked(designer):
    save(designer, BROKEN)
    checked = usecases.check_flow(key="small", xml=BROKEN)
    with transaction():
        usecases.keep_findings(key="small", findings=checked.findings, revision=1, actor=designer)
    assert queries.list_drafts(designer)[0].errors > 0

    save(designer, SMALL, revision=1)

    assert queries.list_drafts(designer)[0].errors is None


def test_blank_flows_of_every_key_are_files_of_that_key():
    assert b'<bpmn:process id="a_b"' in blank_flow(key="a_b", name="x", role="designer", role_name="y")
