"""JSON calls of the accounts room: the way in, and who I am."""

from typing import Any

from flask import Response, current_app
from marshmallow import fields

from app.accounts import queries, usecases
from app.kernel.errors import UnauthorizedError
from app.kernel.transaction import transaction
from app.web.api_calls import ApiBlueprint
from app.web.api_schemas import Moment, Schema, text
from app.web.limits import limiter
from app.web.person import current_actor

blueprint = ApiBlueprint("People", __name__, description="Signing in.", description_zh="登录与本人")
KNOCKS = "600/minute"
FAILURES = "60/minute"


class CredentialsSchema(Schema):
    """User name and password."""

    username = text(64, required=True)
    password = text(200, required=True)


class TokenSchema(Schema):
    """A bearer token."""

    token = fields.String()
    expires_at = Moment()


class UserSchema(Schema):
    """A person."""

    id = fields.Integer()
    username = fields.String()
    name = fields.String()
    locale = fields.String()


class OrganisationSchema(Schema):
    """An organisation."""

    id = fields.Integer()
    name = fields.String()
    type = fields.String()
    province = fields.String(attribute="province_code", allow_none=True)


class GrantSchema(Schema):
    """A role within a scope: nation, province, city, organisation or none."""

    role = fields.String()
    scope_type = fields.String()
    scope_code = fields.String()


class MeSchema(Schema):
    """The person behind the token."""

    user = fields.Nested(UserSchema)
    organisation = fields.Nested(OrganisationSchema, allow_none=True)
    grants = fields.List(fields.Nested(GrantSchema))


def _is_refused(response: Response) -> bool:
    return response.status_code == UnauthorizedError.status


@blueprint.post(
    "/tokens",
    zh="以用户名和密码换取访问令牌",
    body=CredentialsSchema,
    example={"username": "province_auditor", "password": "lodestar-demo"},
    answer=TokenSchema,
    status=201,
    refusals=(401,),
    public=True,
    by_hand=True,
)
@limiter.limit(KNOCKS)
@limiter.limit(FAILURES, deduct_when=_is_refused)
def issue_token(body: dict[str, str]) -> dict[str, Any]:
    """Exchanges user name and password for a bearer token.

    Five wrong passwords in a row lock the account for 30 minutes. Each call gives a new token: keys are not honoured.
    """
    username, settings = body["username"].strip(), current_app.config["SETTINGS"]
    user_id = usecases.check_password(
        username=username, password=body["password"], demo_allowed=settings.demo_accounts_allowed
    )
    try:
        with transaction():
            user = usecases.record_sign_in(username=username, user_id=user_id)
            token, expires_at = usecases.issue_token(user_id=user.id)
    except UnauthorizedError:
        with transaction():
            usecases.count_failure(username=username)
        raise
    return {"token": token, "expires_at": expires_at}


@blueprint.get("/me", zh="本人、单位与角色", answer=MeSchema)
def show_me() -> dict[str, Any]:
    """The person behind the token, with organisation and roles."""
    actor = current_actor()
    user = queries.get_user(actor.id or 0)
    organisation = queries.get_organisation(actor.organisation_id) if actor.organisation_id else None
    return {"user": user, "organisation": organisation, "grants": actor.grants}
