from contextlib import suppress

import pytest

from app.formdefs.place import SchemaError
from app.formdefs.queries import active_version, forget_forms, get_form, list_forms, list_versions
from app.formdefs.usecases import DeployedForm, check_forms, deploy_form, deploy_forms
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.kernel.transaction import transaction
from tests.factories.formdefs import component, schema


@pytest.fixture(autouse=True)
def fresh(app):
    forget_forms()
    yield
    forget_forms()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "approval.form").write_bytes(schema(component("textarea", "opinion"), key="approval"))
    (tmp_path / "rating.form").write_bytes(schema(component("textarea", "comment"), key="rating"))
    return tmp_path


def deploy(folder):
    with transaction():
        return deploy_forms(folder=folder, actor=SYSTEM)


def test_a_folder_is_deployed_and_only_what_changed_becomes_a_new_version(folder):
    assert deploy(folder) == [DeployedForm("approval", 1, changed=True), DeployedForm("rating", 1, changed=True)]

    (folder / "rating.form").write_bytes(schema(component("textarea", "remark"), key="rating"))

    assert deploy(folder) == [DeployedForm("approval", 1, changed=False), DeployedForm("rating", 2, changed=True)]
    assert [(form.key, form.version) for form in list_forms()] == [("approval", 1), ("rating", 2)]
    assert [(form.version, form.status) for form in list_versions("rating")] == [(2, "active"), (1, "superseded")]


def test_spaces_and_the_order_of_keys_make_no_new_version(folder):
    deploy(folder)
    text = (folder / "rating.form").read_text(encoding="utf-8")
    (folder / "rating.form").write_text(text.replace(":", " : "), encoding="utf-8")

    assert [form.changed for form in deploy(folder)] == [False, False]


def test_items_keep_the_version_they_were_opened_with(folder):
    deploy(folder)
    assert get_form("rating").fields[0].key == "comment"

    (folder / "rating.form").write_bytes(schema(component("textarea", "remark"), key="rating"))
    deploy(folder)

    assert get_form("rating").fields[0].key == "remark"
    assert get_form("rating", 1).fields[0].key == "comment"
    assert active_version("rating") == 2


def test_nothing_is_deployed_when_one_form_is_wrong(folder):
    (folder / "zz.form").write_bytes(schema(component("slider", "a"), key="zz"))

    with pytest.raises(SchemaError, match=r"zz\.form#a"):
        deploy(folder)

    assert list_forms() == []
    with pytest.raises(SchemaError):
        check_forms(folder=folder)


def test_a_deployment_that_was_rolled_back_leaves_nothing(folder):
    with suppress(ZeroDivisionError), transaction():
        deploy_form(key="rating", schema=(folder / "rating.form").read_bytes(), actor=SYSTEM)
        1 / 0  # noqa: B018 -- the fault that rolls back

    with pytest.raises(NotFoundError):
        get_form("rating")


@pytest.mark.parametrize(("key", "version"), [("rating", 9), ("nothing", None), ("nothing", 1)])
def test_an_unknown_form_is_not_found(folder, key, version):
    deploy(folder)

    with pytest.raises(NotFoundError):
        get_form(key, version)


def test_a_known_form_costs_no_statement(folder, count_statements):
    deploy(folder)
    get_form("rating")
    session.rollback()

    with count_statements() as statements:
        get_form("rating")
        get_form("rating", 1)

    assert statements == []
