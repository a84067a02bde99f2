"""`flask users create|token|lock`."""

from datetime import timedelta

import click
from flask.cli import with_appcontext

from app.accounts.queries import find_user_by_name
from app.accounts.usecases import create_user, grant_role, hash_password, issue_token, lock_user
from app.accounts.vocabulary import Role
from app.cli.output import CommandGroup
from app.kernel.transaction import transaction

MOST_HOURS = 10 * 366 * 24


@click.group(cls=CommandGroup)
def users() -> None:
    """Accounts of people."""


@users.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="A role; may be repeated."
)
@click.option("--scope", default="", help="Region code or organisation id, for roles that need one.")
@click.password_option(help="Asked for when left out.")
@with_appcontext
def create(username: str, name: str, roles: tuple[str, ...], scope: str, password: str) -> None:
    """Open an account."""
    password_hash = hash_password(password)
    with transaction():
        user = create_user(username=username, name=name, password_hash=password_hash)
        for role in roles:
            grant_role(user=user, role=Role(role), scope_code=scope)
    click.echo(f"{username}: {', '.join(roles) or 'no role'}")


@users.command()
@click.argument("username")
@with_appcontext
def token(username: str) -> None:
    """Print a new API token."""
    with transaction():
        user = find_user_by_name(username)
        if user is None:
            raise click.ClickException(f"There is no user {username}.")
        text, _ = issue_token(user_id=user.id)
    click.echo(text)


@users.command()
@click.argument("username")
@click.option("--hours", type=click.IntRange(1, MOST_HOURS), default=24, show_default=True, help="For how long.")
@with_appcontext
def lock(username: str, hours: int) -> None:
    """Lock an account and end its sessions."""
    with transaction():
        if not lock_user(username=username, duration=timedelta(hours=hours)):
            raise click.ClickException(f"There is no user {username}.")
    click.echo(f"{username} is locked for {hours} hours.")
