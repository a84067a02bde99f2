"""The composition root: what each room offers to the doors and to the flows, written out.

A flow reaches upwards only through OPERATIONS, COLLECTIONS and COMPLETIONS (architecture.md, section 3).
"""

from flask import Blueprint, Flask
from flask_migrate import Migrate

from app.accounts import models as accounts_models
from app.accounts import queries as accounts_queries
from app.accounts import routes as accounts_routes
from app.accounts import usecases as accounts_usecases
from app.attachments import models as attachments_models
from app.attachments import routes as attachments_routes
from app.attachments.storage import configure_storage
from app.audit import models as audit_models
from app.audit.sealing import seal_entries
from app.candidacies import models as candidacies_models
from app.domains import models as domains_models
from app.experts import models as experts_models
from app.filings import flow as filings_flow
from app.filings import models as filings_models
from app.formdefs import models as formdefs_models
from app.inbox import queries as inbox_queries
from app.inbox import routes as inbox_routes
from app.inbox.pages import FactsOf, open_pages
from app.kernel.actor import Actor
from app.kernel.db import db
from app.notifications import models as notifications_models
from app.notifications import routes as notifications_routes
from app.notifications.mail import register_addresses
from app.notifications.queries import count_unread
from app.notifications.worker import send_due_mail
from app.processes import models as processes_models
from app.processes import worker
from app.processes.doors import Collection, Completion, Operation, open_doors
from app.rounds import models as rounds_models
from app.rounds.vocabulary import StageCode
from app.selection import flow as selection_flow
from app.selection import models as selection_models
from app.studio import models as studio_models
from app.studio import routes as studio_routes
from app.web import doors, navigation, shell
from app.web.navigation import NavEntry
from app.workdays import models as workdays_models
from config import ROOT, Settings

TABLES = (
    accounts_models,
    attachments_models,
    audit_models,
    candidacies_models,
    domains_models,
    experts_models,
    filings_models,
    formdefs_models,
    notifications_models,
    processes_models,
    rounds_models,
    selection_models,
    studio_models,
    workdays_models,
)
"""The models of every room: imported here, so that the metadata is whole wherever the application is."""

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_routes.blueprint,
    attachments_routes.blueprint,
    inbox_routes.blueprint,
    notifications_routes.blueprint,
    studio_routes.blueprint,
)

SHELL_DOORS: dict[doors.Door, str] = {
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "account": "accounts.account",
    "messages": "notifications.messages",
    "home": "inbox.index",
    "upload": "attachments.upload",
    "diagram": "studio.diagram",
}
"""Where the links of the shell lead (app/web/doors.py)."""

NAVIGATION: tuple[NavEntry, ...] = (
    NavEntry("inbox.index", "待办", "To do", "inbox", count=inbox_queries.count_waiting, rank=20),
    NavEntry("studio.index", "流程", "Flows", "diagram-3", roles=("designer",), rank=15),
)
"""The way around (app/web/navigation.py); each page shows the entries of the person's roles."""

ITEM_PAGES: dict[str, str] = {}
"""Form key -> endpoint of the page that its room has for work items of this form; it takes `item_id`."""

SUBJECT_PAGES: dict[str, tuple[str, str]] = {}
"""Subject type -> (endpoint of its page, name of the endpoint's parameter)."""

SUBJECT_FACTS: dict[str, FactsOf] = {}
"""Subject type -> what the generic page of a work item tells about the subject."""

MAILS_AT_ONCE = 50

OPERATIONS: dict[str, Operation] = {
    "filings.count_unfinished": filings_flow.count_unfinished,
    "filings.flag_unaudited": filings_flow.flag_unaudited,
    "filings.lapse_correction": filings_flow.lapse_correction,
    "filings.move_unfinished": filings_flow.move_unfinished,
    "filings.record_filing": filings_flow.record_filing,
    "filings.record_rejection": filings_flow.record_rejection,
    "filings.record_withdrawal": filings_flow.record_withdrawal,
    "filings.register_resubmission": filings_flow.register_resubmission,
    "filings.register_submission": filings_flow.register_submission,
    "selection.aggregate_scores": selection_flow.aggregate_scores,
    "selection.assign_items": selection_flow.assign_items,
    "selection.check_panel": selection_flow.check_panel,
    "selection.check_quorum": selection_flow.check_quorum,
    "selection.check_sheet": selection_flow.check_sheet,
    "selection.close_panel": selection_flow.close_panel,
    "selection.commit_seed": selection_flow.commit_seed,
    "selection.compile_proposal": selection_flow.compile_proposal,
    "selection.draw_experts": selection_flow.draw_experts,
    "selection.draw_replacement": selection_flow.draw_replacement,
    "selection.draw_replacements": selection_flow.draw_replacements,
    "selection.freeze_pool": selection_flow.freeze_pool,
    "selection.generate_minutes": selection_flow.generate_minutes,
    "selection.promote_reserves": selection_flow.promote_reserves,
    "selection.rank_pool": selection_flow.rank_pool,
    "selection.read_pool_decision": selection_flow.read_pool_decision,
    "selection.read_proposal": selection_flow.read_proposal,
    "selection.report_unbegun": selection_flow.report_unbegun,
    "selection.void_seat": selection_flow.void_seat,
}
COLLECTIONS: dict[str, Collection] = {
    "selection.assigned_seats": selection_flow.assigned_seats,
    "selection.drawn_seats": selection_flow.drawn_seats,
    "selection.panels": selection_flow.panels,
    "selection.refill_seats": selection_flow.refill_seats,
}
COMPLETIONS: dict[str, Completion] = {
    "attendance": selection_flow.complete_attendance,
    "audit_opinion": filings_flow.complete_audit_opinion,
    "correction": filings_flow.complete_correction,
    "declaration": selection_flow.complete_declaration,
    "draw_rules": selection_flow.complete_draw_rules,
    "panel_opinion": selection_flow.complete_panel_opinion,
    "panels": selection_flow.complete_panels,
    "pledge": selection_flow.complete_pledge,
    "pool": selection_flow.complete_pool,
    "proposal": selection_flow.complete_proposal,
    "score_sheet": selection_flow.complete_score_sheet,
    "witness": selection_flow.complete_witness,
}


def plug_in(app: Flask) -> None:
    """Connects the rooms with the application and the flows with the rooms."""
    Migrate(app, db, directory=str(ROOT / "migrations"))
    open_doors(operations=OPERATIONS, collections=COLLECTIONS, completions=COMPLETIONS, stages=frozenset(StageCode))
    shell.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    doors.register_doors(SHELL_DOORS)
    navigation.register(*NAVIGATION)
    open_pages(items=ITEM_PAGES, subjects=SUBJECT_PAGES, facts=SUBJECT_FACTS)
    shell.register_context(role_lines=accounts_routes.describe_roles, keep_locale=_keep_locale, unread=_unread)
    _plug_in_foundations(app.config["SETTINGS"])


def _keep_locale(actor: Actor, locale: str) -> None:
    accounts_usecases.keep_locale(actor=actor, locale=locale)


def _unread(actor: Actor) -> int:
    return 0 if actor.id is None else count_unread(actor.id)


def _plug_in_foundations(settings: Settings) -> None:
    """Storage, addresses, and the worker's regular work."""
    configure_storage(settings.storage_url)
    register_addresses(accounts_queries.mail_addresses)
    base_url = f"http://{settings.host}:{settings.port}"

    def send_mail() -> None:
        send_due_mail(limit=MAILS_AT_ONCE, mail_url=settings.mail_url, base_url=base_url)

    def seal_audit() -> None:
        seal_entries()

    worker.on_tick([send_mail, seal_audit])
