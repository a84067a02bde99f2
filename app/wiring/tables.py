"""The tables of every room."""

from app.accounts import models as accounts_models
from app.announcements import models as announcements_models
from app.attachments import models as attachments_models
from app.audit import models as audit_models
from app.candidacies import models as candidacies_models
from app.conflicts import models as conflicts_models
from app.domains import models as domains_models
from app.experts import models as experts_models
from app.filings import models as filings_models
from app.formdefs import models as formdefs_models
from app.notifications import models as notifications_models
from app.processes import models as processes_models
from app.ratings import models as ratings_models
from app.rounds import models as rounds_models
from app.scoring import models as scoring_models
from app.selection import models as selection_models
from app.studio import models as studio_models
from app.workdays import models as workdays_models

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
