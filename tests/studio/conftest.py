"""A designer, and the flows filing and rating deployed with doors that lead nowhere."""

import pytest

from app.accounts.vocabulary import Role
from app.formdefs.queries import forget_forms
from tests.factories.accounts import make_actor
from tests.support.browser import sign_in
from tests.support.flows import deploy_workflows, doors_to_nowhere


@pytest.fixture
def designer(app):
    forget_forms()
    with doors_to_nowhere():
        actor = make_actor(Role.DESIGNER)
        deploy_workflows(actor, "filing")
        yield actor
    forget_forms()


@pytest.fixture
def browser(app, designer):
    return sign_in(app.test_client(), designer.id)
