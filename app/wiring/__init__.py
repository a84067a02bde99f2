"""The composition root: what each room offers to the doors and to the flows."""

from flask import Flask
from flask_migrate import Migrate

from app.accounts import queries as accounts_queries
from app.accounts import routes as accounts_routes
from app.accounts import usecases as accounts_usecases
from app.announcements import access as announcements_access
from app.attachments.access import register_owner
from app.attachments.storage import configure_storage
from app.attachments.sweeping import register_mentions, sweep_attachments
from app.audit.sealing import seal_entries
from app.candidacies.usecases import ensure_not_pooled
from app.filings import queries as filings_queries
from app.filings.beside import register_tellers
from app.filings.usecases import add_withdrawal_guard
from app.inbox import queries as inbox_queries
from app.inbox import usecases as inbox_usecases
from app.inbox.pages import open_pages
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.notifications.mail import register_addresses
from app.notifications.queries import count_unread
from app.notifications.worker import send_due_mail
from app.processes import worker
from app.processes.commands import begin_command, end_command
from app.processes.doors import open_doors
from app.rounds.board import register_contributors
from app.rounds.line import round_line
from app.rounds.vocabulary import StageCode
from app.selection import views as selection_views
from app.selection.completing import open_completing
from app.web import doors, navigation, shell
from app.web.api_document import install_api
from app.web.commands import register_commands
from app.wiring.flows import COLLECTIONS, COMPLETIONS, ENDINGS, MESSAGES, OPERATIONS
from app.wiring.pages import (
    API_BLUEPRINTS,
    BLUEPRINTS,
    FILING_TELLERS,
    ITEM_PAGES,
    NAVIGATION,
    NAVIGATION_PLACES,
    SHELL_DOORS,
    STAGE_CONTRIBUTORS,
    SUBJECT_FACTS,
    SUBJECT_PAGES,
)
from app.wiring.tables import TABLES
from config import ROOT, Settings

__all__ = ["COLLECTIONS", "COMPLETIONS", "OPERATIONS", "TABLES", "plug_in"]

MAILS_AT_ONCE = 50
SWEPT_AT_ONCE = 200


def plug_in(app: Flask) -> None:
    """Connects the rooms with the application and the flows with the rooms."""
    Migrate(app, db, directory=str(ROOT / "migrations"))
    open_doors(
        operations=OPERATIONS,
        collections=COLLECTIONS,
        completions=COMPLETIONS,
        stages=frozenset(StageCode),
        messages=MESSAGES,
        endings=ENDINGS,
    )
    shell.install(app)
    open_completing(inbox_usecases.complete_item)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_commands(begin=begin_command, end=end_command)
    install_api(app, API_BLUEPRINTS)
    doors.register_doors(SHELL_DOORS)
    navigation.register(*NAVIGATION)
    navigation.register_places(NAVIGATION_PLACES)
    register_contributors(*STAGE_CONTRIBUTORS)
    register_tellers(*FILING_TELLERS)
    add_withdrawal_guard(ensure_not_pooled)
    open_pages(items=ITEM_PAGES, subjects=SUBJECT_PAGES, facts=SUBJECT_FACTS)
    shell.register_context(
        round_line=round_line, role_lines=accounts_routes.describe_roles, keep_locale=_keep_locale, unread=_unread
    )
    _plug_in_foundations(app.config["SETTINGS"])


def _keep_locale(actor: Actor, locale: str) -> None:
    accounts_usecases.keep_locale(actor=actor, locale=locale)


def _unread(actor: Actor) -> int:
    return 0 if actor.id is None else count_unread(actor.id)


def _may_see_filing(filing_id: int, actor: Actor) -> bool:
    """Whose scope holds the filing sees its files, and its experts once they have declared (E8).

    Raters never do: their page serves them the rating version alone (ratings.material).
    """
    return filings_queries.may_see(filing_id, actor) or selection_views.may_open_filing(filing_id, actor)


def _mark_of_filing(filing_id: int, actor: Actor) -> str | None:
    """Who reads a filing's files as its expert alone reads them with name, organisation and time (flows.md, section 8)."""
    if filings_queries.may_see(filing_id, actor):
        return None
    names = accounts_queries.names_of_organisations([actor.organisation_id] if actor.organisation_id else [])
    moment = clock.now().astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
    return "  ".join(part for part in (actor.name, names.get(actor.organisation_id or 0), moment) if part)


def _plug_in_foundations(settings: Settings) -> None:
    """Storage, addresses, who sees which files, and the worker's regular work."""
    configure_storage(settings.storage_url)
    register_owner("filing", _may_see_filing, mark_for=_mark_of_filing)
    register_owner(inbox_usecases.OWNER, inbox_queries.may_see_files)
    register_mentions(inbox_queries.files_in_drafts)
    for owner_type, may_see in announcements_access.OWNERS.items():
        register_owner(owner_type, may_see)
    register_addresses(accounts_queries.mail_addresses)
    base_url = f"http://{settings.host}:{settings.port}"

    def send_mail() -> None:
        send_due_mail(limit=MAILS_AT_ONCE, mail_url=settings.mail_url, base_url=base_url)

    def seal_audit() -> None:
        seal_entries()

    def sweep() -> None:
        sweep_attachments(limit=SWEPT_AT_ONCE)

    worker.on_tick([send_mail, seal_audit, sweep])
