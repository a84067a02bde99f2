"""The composition root: what each room offers to the doors and to the flows, written out.

A flow reaches upwards only through OPERATIONS, COLLECTIONS and COMPLETIONS (architecture.md, section 3).
"""

from flask import Blueprint, Flask
from flask_migrate import Migrate

from app.accounts import api as accounts_api
from app.accounts import models as accounts_models
from app.accounts import queries as accounts_queries
from app.accounts import routes as accounts_routes
from app.accounts import usecases as accounts_usecases
from app.announcements import access as announcements_access
from app.announcements import api as announcements_api
from app.announcements import flow as announcements_flow
from app.announcements import models as announcements_models
from app.announcements import routes as announcements_routes
from app.announcements.progress import tell_objections
from app.attachments import api as attachments_api
from app.attachments import models as attachments_models
from app.attachments import routes as attachments_routes
from app.attachments.access import register_owner
from app.attachments.storage import configure_storage
from app.audit import models as audit_models
from app.audit.sealing import seal_entries
from app.candidacies import flow as candidacies_flow
from app.candidacies import models as candidacies_models
from app.candidacies import routes as candidacies_routes
from app.candidacies.telling import tell_award, tell_screening
from app.candidacies.usecases import ensure_not_pooled
from app.conflicts import models as conflicts_models
from app.dashboard import audit_routes as dashboard_audit_routes
from app.dashboard import board_routes as dashboard_board_routes
from app.dashboard import people_routes as dashboard_people_routes
from app.dashboard import routes as dashboard_routes
from app.domains import models as domains_models
from app.experts import models as experts_models
from app.filings import api as filings_api
from app.filings import flow as filings_flow
from app.filings import models as filings_models
from app.filings import queries as filings_queries
from app.filings import routes as filings_routes
from app.filings.beside import register_tellers
from app.filings.progress import tell_filings
from app.filings.usecases import add_withdrawal_guard
from app.formdefs import models as formdefs_models
from app.inbox import api as inbox_api
from app.inbox import notices
from app.inbox import queries as inbox_queries
from app.inbox import routes as inbox_routes
from app.inbox import usecases as inbox_usecases
from app.inbox.pages import FactsOf, open_pages
from app.kernel.actor import Actor
from app.kernel.db import db
from app.notifications import models as notifications_models
from app.notifications import routes as notifications_routes
from app.notifications.mail import register_addresses
from app.notifications.queries import count_unread
from app.notifications.worker import send_due_mail
from app.portal import facts as portal_facts
from app.portal import routes as portal_routes
from app.processes import models as processes_models
from app.processes import worker
from app.processes.commands import begin_command, end_command
from app.processes.doors import Collection, Completion, Operation, open_doors
from app.ratings import flow as ratings_flow
from app.ratings import models as ratings_models
from app.ratings import routes as ratings_routes
from app.ratings import showing as ratings_showing
from app.ratings.telling import tell_feedback, tell_rating
from app.rounds import api as rounds_api
from app.rounds import flow as rounds_flow
from app.rounds import models as rounds_models
from app.rounds import routes as rounds_routes
from app.rounds.board import register_contributors
from app.rounds.line import round_line
from app.rounds.vocabulary import StageCode
from app.scoring import flow as scoring_flow
from app.scoring import models as scoring_models
from app.selection import flow as selection_flow
from app.selection import models as selection_models
from app.selection import views as selection_views
from app.selection.completing import open_completing
from app.selection.progress import tell_panels, tell_pool
from app.selection.routes import office, records, reviews
from app.studio import api as studio_api
from app.studio import models as studio_models
from app.studio import routes as studio_routes
from app.web import doors, navigation, shell
from app.web.api_calls import ApiBlueprint
from app.web.api_document import install_api
from app.web.commands import register_commands
from app.web.navigation import NavEntry
from app.workdays import models as workdays_models
from config import ROOT, Settings

TABLES = (
    accounts_models,
    announcements_models,
    attachments_models,
    audit_models,
    candidacies_models,
    conflicts_models,
    domains_models,
    experts_models,
    filings_models,
    formdefs_models,
    notifications_models,
    processes_models,
    ratings_models,
    rounds_models,
    scoring_models,
    selection_models,
    studio_models,
    workdays_models,
)
"""The models of every room: imported here, so that the metadata is whole wherever the application is."""

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_routes.blueprint,
    announcements_routes.blueprint,
    attachments_routes.blueprint,
    dashboard_audit_routes.blueprint,
    dashboard_board_routes.blueprint,
    dashboard_people_routes.blueprint,
    dashboard_routes.blueprint,
    filings_routes.blueprint,
    inbox_routes.blueprint,
    notifications_routes.blueprint,
    ratings_routes.blueprint,
    candidacies_routes.blueprint,
    rounds_routes.blueprint,
    office.blueprint,
    records.blueprint,
    reviews.blueprint,
    portal_routes.blueprint,
    studio_routes.blueprint,
)

API_BLUEPRINTS: tuple[ApiBlueprint, ...] = (
    accounts_api.blueprint,
    inbox_api.blueprint,
    filings_api.blueprint,
    attachments_api.blueprint,
    rounds_api.blueprint,
    studio_api.blueprint,
    announcements_api.blueprint,
)
"""The calls of the JSON API, in the order of its document."""

SHELL_DOORS: dict[doors.Door, str] = {
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "account": "accounts.account",
    "messages": "notifications.messages",
    "home": "dashboard.home",
    "search": "dashboard.search",
    "public_home": "portal.home",
    "upload": "attachments.upload",
    "diagram": "studio.diagram",
}
"""Where the links of the shell lead (app/web/doors.py)."""

NAVIGATION: tuple[NavEntry, ...] = (
    NavEntry("dashboard.home", "首页", "Home", "house-door", rank=1),
    NavEntry(
        "board.stuck",
        "滞留督办",
        "Standing still",
        "hourglass-split",
        ("province_contact", "national_auditor", "manager"),
        rank=40,
    ),
    NavEntry(
        "board.responses", "评价响应", "Rating response", "clipboard-check", ("province_contact", "manager"), rank=45
    ),
    NavEntry("board.organisations", "单位与账户", "Accounts", "people", ("province_contact",), rank=60),
    NavEntry("board.locked", "锁定的账户", "Locked accounts", "lock", ("sys_admin",), rank=30),
    NavEntry("audit_log.index", "审计日志", "Audit log", "journal-text", ("audit_admin",), rank=30),
    NavEntry("reviews.index", "我的评审", "My reviews", "mortarboard", ("expert", "chair"), rank=10),
    NavEntry("reviews.declarations", "回避声明", "Declarations", "shield-check", ("expert", "chair"), rank=25),
    NavEntry("selection.panels", "评审组", "Panels", "people", ("secretary", "supervisor", "manager"), rank=40),
    NavEntry("inbox.index", "待办", "To do", "inbox", count=inbox_queries.count_waiting, rank=20),
    NavEntry("filings.index", "我的成果", "My results", "file-earmark-text", roles=("filer",), rank=30),
    NavEntry(
        "filings.index",
        "本省备案",
        "Filings here",
        "folder2-open",
        roles=("city_auditor", "province_contact", "province_auditor", "province_leader"),
        rank=30,
    ),
    NavEntry(
        "filings.index", "成果备案", "Filings", "folder2-open", roles=("national_auditor", "manager", "leader"), rank=30
    ),
    NavEntry(
        "filings.duplicates",
        "疑似重复",
        "Duplicates",
        "files",
        roles=("city_auditor", "province_auditor", "national_auditor"),
        count=filings_queries.count_suspicions,
        rank=35,
    ),
    NavEntry(
        "ratings.index",
        "线上评价",
        "Ratings",
        "ui-checks",
        roles=("rater", "gov_user"),
        count=ratings_showing.count_open_seats,
        rank=25,
    ),
    NavEntry(
        "ratings.doubted_now",
        "待核查的评价",
        "Ratings in doubt",
        "exclamation-diamond",
        ("national_auditor",),
        count=ratings_showing.count_doubted,
        rank=36,
    ),
    NavEntry("rounds.index", "评价周期", "Rounds", "signpost-split", rounds_routes.READERS, rank=30),
    NavEntry("candidacies.index", "参评成果", "Candidates", "collection", candidacies_routes.READERS, rank=50),
    NavEntry(
        "announcements.objections", "异议办理", "Objections", "chat-left-text", announcements_routes.HANDLERS, rank=40
    ),
    NavEntry("portal.home", "公示", "Public notice", "megaphone", place="public", rank=10),
    NavEntry("portal.announcements", "公告与通报", "Announcements", "journal-text", place="public", rank=20),
    NavEntry("portal.round_page", "评价周期", "Round", "signpost-split", place="public", rank=40),
    NavEntry("portal.objection_lookup", "异议查询", "Objections", "search", place="public", rank=50),
    NavEntry("studio.index", "流程", "Flows", "diagram-3", roles=("designer",), rank=15),
)
"""The way around (app/web/navigation.py); each page shows the entries of the person's roles."""

STAGE_CONTRIBUTORS = (tell_filings, tell_screening, tell_rating, tell_pool, tell_panels, tell_objections)
"""What rooms say on the manager's stage page (app/rounds/board.py)."""

FILING_TELLERS = (tell_award, tell_feedback)
"""What rooms above say on the page of a filing (app/filings/beside.py)."""

ITEM_PAGES: dict[str, str] = {
    "audit_opinion": "filings.audit",
    "correction": "filings.correct",
    "low_sample": "candidacies.item",
    "push_plan": "ratings.decide_plan",
    "rating": "ratings.rate",
    "rating_gov": "ratings.rate",
    "attendance": "selection.attendance_item",
    "declaration": "reviews.declaration_item",
    "panel_opinion": "selection.opinion_item",
    "panels": "selection.panels_item",
    "pledge": "reviews.pledge_item",
    "pool": "selection.pool_item",
    "proposal": "selection.proposal_item",
    "recheck": "candidacies.item",
    "recheck_request": "candidacies.item",
    "score_sheet": "reviews.sheet_item",
    "screening": "candidacies.item",
    "witness": "selection.witness_item",
}
"""Form key -> endpoint of the page that its room has for work items of this form; it takes `item_id`."""

SUBJECT_PAGES: dict[str, tuple[str, str]] = {
    "filing": ("filings.show", "filing_id"),
    "candidacy": ("candidacies.show", "candidacy_id"),
    "panel": ("selection.panel", "panel_id"),
    "round": ("rounds.show", "round_id"),
}
"""Subject type -> (endpoint of its page, name of the endpoint's parameter)."""

SUBJECT_FACTS: dict[str, FactsOf] = {
    "candidacy": portal_facts.tell_candidacy,
    "round": portal_facts.tell_round,
}
"""Subject type -> what the generic page of a work item tells about the subject."""

MAILS_AT_ONCE = 50

OPERATIONS: dict[str, Operation] = {
    "announcements.archive_round": announcements_flow.archive_round,
    "announcements.close_public_notice": announcements_flow.close_public_notice,
    "announcements.close_withdrawn_objection": announcements_flow.close_withdrawn_objection,
    "announcements.correct_item": announcements_flow.correct_item,
    "announcements.hold_item": announcements_flow.hold_item,
    "announcements.open_public_notice": announcements_flow.open_public_notice,
    "announcements.publish_notice": announcements_flow.publish_notice,
    "announcements.publish_ranking": announcements_flow.publish_ranking,
    "announcements.publish_results": announcements_flow.publish_results,
    "announcements.publish_supplement": announcements_flow.publish_supplement,
    "announcements.record_award": announcements_flow.record_award,
    "announcements.refuse_objection": announcements_flow.refuse_objection,
    "announcements.register_objection": announcements_flow.register_objection,
    "announcements.remove_item": announcements_flow.remove_item,
    "announcements.reply_objection": announcements_flow.reply_objection,
    "candidacies.hold_candidacy": candidacies_flow.hold_candidacy,
    "candidacies.open_candidacies": candidacies_flow.open_candidacies,
    "candidacies.record_disqualification": candidacies_flow.record_disqualification,
    "candidacies.record_standing": candidacies_flow.record_standing,
    "candidacies.record_withdrawal": candidacies_flow.record_withdrawal,
    "candidacies.run_screening": candidacies_flow.run_screening,
    "filings.count_unfinished": filings_flow.count_unfinished,
    "filings.flag_unaudited": filings_flow.flag_unaudited,
    "filings.lapse_correction": filings_flow.lapse_correction,
    "filings.move_unfinished": filings_flow.move_unfinished,
    "filings.record_filing": filings_flow.record_filing,
    "filings.record_rejection": filings_flow.record_rejection,
    "filings.record_withdrawal": filings_flow.record_withdrawal,
    "filings.register_resubmission": filings_flow.register_resubmission,
    "filings.register_submission": filings_flow.register_submission,
    "notifications.notify_overdue": notices.notify_overdue,
    "ratings.aggregate_round": ratings_flow.aggregate_round,
    "ratings.plan_push": ratings_flow.plan_push,
    "ratings.plan_second_push": ratings_flow.plan_second_push,
    "ratings.read_quorum": ratings_flow.read_quorum,
    "ratings.replace_seat": ratings_flow.replace_seat,
    "ratings.validate_rating": ratings_flow.validate_rating,
    "rounds.close_attribution": rounds_flow.close_attribution,
    "rounds.freeze_parameters": rounds_flow.freeze_parameters,
    "scoring.count_bonus": scoring_flow.count_bonus,
    "scoring.revise_bonus": scoring_flow.revise_bonus,
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
    "candidacies.willing_filings": candidacies_flow.willing_filings,
    "ratings.pushed_seats": ratings_flow.pushed_seats,
    "ratings.second_seats": ratings_flow.second_seats,
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
    "final_decision": announcements_flow.complete_final_decision,
    "final_result": scoring_flow.complete_final_result,
    "investigation": announcements_flow.complete_investigation,
    "issue_document": announcements_flow.complete_issue_document,
    "low_sample": candidacies_flow.complete_low_sample,
    "objection_check": announcements_flow.complete_objection_check,
    "objection_decision": announcements_flow.complete_objection_decision,
    "official_document": announcements_flow.complete_official_document,
    "panel_opinion": selection_flow.complete_panel_opinion,
    "panels": selection_flow.complete_panels,
    "pledge": selection_flow.complete_pledge,
    "pool": selection_flow.complete_pool,
    "proposal": selection_flow.complete_proposal,
    "push_plan": ratings_flow.complete_push_plan,
    "rating": ratings_flow.complete_rating,
    "rating_gov": ratings_flow.complete_rating,
    "recheck": candidacies_flow.complete_recheck,
    "recheck_request": candidacies_flow.complete_recheck_request,
    "round": rounds_flow.complete_round_setup,
    "score_sheet": selection_flow.complete_score_sheet,
    "screening": candidacies_flow.complete_screening,
    "unfinished_list": rounds_flow.complete_unfinished_list,
    "witness": selection_flow.complete_witness,
}


def plug_in(app: Flask) -> None:
    """Connects the rooms with the application and the flows with the rooms."""
    Migrate(app, db, directory=str(ROOT / "migrations"))
    open_doors(operations=OPERATIONS, collections=COLLECTIONS, completions=COMPLETIONS, stages=frozenset(StageCode))
    shell.install(app)
    open_completing(inbox_usecases.complete_item)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_commands(begin=begin_command, end=end_command)
    install_api(app, API_BLUEPRINTS)
    doors.register_doors(SHELL_DOORS)
    navigation.register(*NAVIGATION)
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


def _plug_in_foundations(settings: Settings) -> None:
    """Storage, addresses, who sees which files, and the worker's regular work."""
    configure_storage(settings.storage_url)
    register_owner("filing", _may_see_filing)
    for owner_type, may_see in announcements_access.OWNERS.items():
        register_owner(owner_type, may_see)
    register_addresses(accounts_queries.mail_addresses)
    base_url = f"http://{settings.host}:{settings.port}"

    def send_mail() -> None:
        send_due_mail(limit=MAILS_AT_ONCE, mail_url=settings.mail_url, base_url=base_url)

    def seal_audit() -> None:
        seal_entries()

    worker.on_tick([send_mail, seal_audit])
