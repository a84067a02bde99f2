"""What each room offers to people: pages, calls, the way around, and what rooms say on each other's pages."""

from flask import Blueprint

from app.accounts import absence_routes as accounts_absence_routes
from app.accounts import api as accounts_api
from app.accounts import routes as accounts_routes
from app.accounts.vocabulary import SUBSTITUTES
from app.announcements import api as announcements_api
from app.announcements import routes as announcements_routes
from app.announcements.progress import tell_objections
from app.attachments import api as attachments_api
from app.attachments import routes as attachments_routes
from app.candidacies import routes as candidacies_routes
from app.candidacies.telling import tell_award, tell_screening
from app.dashboard import audit_routes as dashboard_audit_routes
from app.dashboard import board_routes as dashboard_board_routes
from app.dashboard import coverage_routes as dashboard_coverage_routes
from app.dashboard import people_routes as dashboard_people_routes
from app.dashboard import routes as dashboard_routes
from app.filings import api as filings_api
from app.filings import queries as filings_queries
from app.filings import routes as filings_routes
from app.filings.progress import tell_filings
from app.inbox import api as inbox_api
from app.inbox import queries as inbox_queries
from app.inbox import routes as inbox_routes
from app.inbox.pages import FactsOf
from app.notifications import routes as notifications_routes
from app.portal import facts as portal_facts
from app.portal import routes as portal_routes
from app.ratings import routes as ratings_routes
from app.ratings import showing as ratings_showing
from app.ratings.telling import tell_feedback, tell_rating
from app.rounds import api as rounds_api
from app.rounds import routes as rounds_routes
from app.rounds.vocabulary import READERS as ROUND_READERS
from app.selection.progress import tell_panels, tell_pool
from app.selection.routes import office, records, reviews
from app.studio import api as studio_api
from app.studio.cockpit import api as cockpit_api
from app.studio.cockpit import routes as cockpit_routes
from app.studio.releases import api as studio_releases_api
from app.studio.releases import routes as studio_releases_routes
from app.web import doors
from app.web.api_calls import ApiBlueprint
from app.web.navigation import NavEntry

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_absence_routes.blueprint,
    accounts_routes.blueprint,
    announcements_routes.blueprint,
    attachments_routes.blueprint,
    dashboard_audit_routes.blueprint,
    dashboard_board_routes.blueprint,
    dashboard_coverage_routes.blueprint,
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
    cockpit_routes.blueprint,
    studio_releases_routes.blueprint,
)

API_BLUEPRINTS: tuple[ApiBlueprint, ...] = (
    accounts_api.blueprint,
    inbox_api.blueprint,
    filings_api.blueprint,
    attachments_api.blueprint,
    rounds_api.blueprint,
    studio_api.blueprint,
    cockpit_api.blueprint,
    studio_releases_api.blueprint,
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
    "public_round": "portal.round_page",
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
    NavEntry("coverage.index", "应备未备", "Missing filings", "list-check", ("province_contact",), rank=42),
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
        "Doubted ratings",
        "exclamation-diamond",
        ("national_auditor",),
        count=ratings_showing.count_doubted,
        rank=36,
    ),
    NavEntry("rounds.index", "评价周期", "Rounds", "signpost-split", ROUND_READERS, rank=30),
    NavEntry("candidacies.index", "参评成果", "Candidates", "collection", candidacies_routes.READERS, rank=50),
    NavEntry(
        "announcements.objections", "异议办理", "Objections", "chat-left-text", announcements_routes.HANDLERS, rank=40
    ),
    NavEntry("portal.home", "公示", "Public notice", "megaphone", place="public", rank=10),
    NavEntry("portal.announcements", "公告与通报", "Announcements", "journal-text", place="public", rank=20),
    NavEntry("portal.round_page", "评价周期", "Round", "signpost-split", place="public", rank=40),
    NavEntry("portal.objection_lookup", "异议查询", "Objections", "search", place="public", rank=50),
    NavEntry(
        "absences.index",
        "AB角代办",
        "Substitutes",
        "person-walking",
        tuple(role.value for role in SUBSTITUTES),
        count=lambda actor: len(actor.stands_in_for) or None,
        place="foot",
        rank=10,
    ),
    NavEntry("studio.index", "流程", "Flows", "diagram-3", roles=("designer",), rank=15),
    NavEntry("cockpit.index", "运行监控", "Cockpit", "list-check", roles=("designer", "sys_admin"), rank=16),
    NavEntry("cockpit.index", "流程监控", "Cases", "list-check", roles=("manager",), rank=55),
)
"""The way around (app/web/navigation.py); each page shows the entries of the person's roles."""

NAVIGATION_PLACES: dict[str, str] = {
    "filings.audit": "inbox.index",
    "filings.correct": "inbox.index",
    "candidacies.item": "inbox.index",
}
"""Pages that stand in the navigation under a page of another room."""

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
