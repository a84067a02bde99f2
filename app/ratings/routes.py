"""Pages of raters (what waits, the rating, what was rated) and of those who plan pushes and watch over ratings."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app.attachments.queries import read_content
from app.formdefs.posted import posted_values
from app.formdefs.queries import get_form
from app.kernel import clock
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes import items
from app.ratings import plans, showing, usecases
from app.ratings.queries import list_seats, pending_ratings, responses_of
from app.ratings.showing import OPEN
from app.ratings.telling import RESPONSE_READERS
from app.ratings.vocabulary import SUBJECT, SeatState, Validity
from app.ratings.words import DOUBT_NAMES, EXCLUSION_NAMES, FIT_NAMES, PURPOSE_NAMES, SHORTAGE_NAMES
from app.rounds.line import show_round_of
from app.rounds.queries import current_round, get_round
from app.web import person
from app.web.csp import framed_by_self
from app.web.errors import field_sentences
from app.web.incoming import row_id
from app.web.locale import current_locale
from app.web.person import current_actor
from app.web.refusals import current_refusal
from app.web.shell import notify

blueprint = Blueprint("ratings", __name__, template_folder="templates")
RATER = ("rater", "gov_user")
PLANNERS = ("manager", "national_auditor", "supervisor", "leader")
PAGE = 50


@blueprint.get("/ratings")
@person.require_role(*RATER)
def index() -> str:
    """What the person is asked to rate, and what was rated and may still be changed."""
    lines = list_seats(actor=current_actor(), states=(*OPEN, SeatState.RATED))
    return render_template(
        "ratings/index.html",
        waiting=[line for line in lines if line.seat.state in OPEN and line.item_id is not None],
        rated=[line for line in lines if line.seat.state == SeatState.RATED],
        shows_rated=request.args.get("show") == "rated",
        domain_of=showing.domain_names,
    )


@blueprint.get("/work-items/<int:item_id>/rating")
@person.require_role(*RATER)
def rate(item_id: int) -> str:
    """The page of a rating item: interests first, then the scales."""
    actor = current_actor()
    item = items.get_item(item_id=item_id, actor=actor)
    if item.subject_type != SUBJECT:
        raise NotFoundError
    seat_id, draft, form_key, version = item.subject_id, item.draft, item.form_key or "", item.form_version
    refusal = current_refusal()
    if refusal is None:
        with transaction():
            usecases.open_seat(seat_id=seat_id, actor=actor)
    page = showing.show_rating(seat_id=seat_id, actor=actor, locale=current_locale())
    posted = posted_values(get_form(form_key, version), refusal.posted) if refusal else None
    return _render(page, showing.values_of(page, draft, posted), dict(refusal.errors) if refusal else {}, item_id)


@blueprint.post("/work-items/<int:item_id>/rating-draft")
@person.require_role(*RATER)
def keep_draft(item_id: int) -> str:
    """Keeps what has been filled in so far, and says how far that is."""
    actor = current_actor()
    with transaction():
        item = items.get_item(item_id=item_id, actor=actor)
        if item.subject_type != SUBJECT:
            raise NotFoundError
        values = posted_values(get_form(item.form_key or "", item.form_version), request.form)
        items.keep_draft(item_id=item_id, values=values, actor=actor)
    done, left = showing.count_marks(values)
    return render_template("ratings/parts/progress.html", done=done, left=left, kept_at=clock.now())


@blueprint.get("/rating-seats/<int:seat_id>")
@person.require_role(*RATER)
def rated(seat_id: int) -> str:
    """A submitted rating: it may be changed until rating closes."""
    page = showing.show_rating(seat_id=seat_id, actor=current_actor(), locale=current_locale())
    if page.rating is None:
        raise NotFoundError
    return _render(page, showing.values_of(page, None, None), {}, None)


@blueprint.post("/rating-seats/<int:seat_id>")
@person.require_role(*RATER)
def revise(seat_id: int) -> Answer | tuple[str, int]:
    """Changes a submitted rating; the former one is kept."""
    actor = current_actor()
    page = showing.show_rating(seat_id=seat_id, actor=actor, locale=current_locale())
    values = posted_values(get_form("rating", None), request.form)
    try:
        with transaction():
            usecases.revise_rating(seat_id=seat_id, values=values, actor=actor)
    except InvalidError as error:
        return _render(page, values, field_sentences(error), None), 422
    notify(_("评价已修改，原评价留存备查。"))
    return redirect(url_for("ratings.index", show="rated"))


@blueprint.get("/rating-seats/<int:seat_id>/material")
@person.require_role(*RATER)
def material(seat_id: int) -> Response:
    """The rating version, shown by the browser; opening it is noted."""
    actor = current_actor()
    with transaction():
        filing = usecases.open_material(seat_id=seat_id, actor=actor)
        found = showing.find_material(filing)
    if found is None:
        raise NotFoundError
    response = Response(read_content(found), content_type=found.media_type)
    response.content_length = found.size
    return framed_by_self(response)


def _render(page: showing.RatingPage, values: dict[str, Any], errors: dict[str, list[str]], item_id: int | None) -> str:
    done, left = showing.count_marks(values)
    show_round_of(page.seat.round_id, current_actor())
    return render_template(
        "ratings/rate.html", page=page, values=values, errors=errors, item_id=item_id, done=done, left=left
    )


@blueprint.get("/rounds/<int:round_id>/push-plans")
@person.require_role(*PLANNERS)
def push_plans(round_id: int) -> str:
    """The push plans of a round, every attempt with seed and hash; the newest is opened."""
    found = plans.list_plans(round_id)
    wanted = request.args.get("plan", type=row_id) or (found[-1].id if found else None)
    return _render_plan(round_id, wanted, None)


@blueprint.get("/work-items/<int:item_id>/push-plan")
@person.require_role("manager")
def decide_plan(item_id: int) -> str:
    """审定推送方案: the plan with its decision below."""
    item = items.get_item(item_id=item_id, actor=current_actor())
    if item.form_key != "push_plan":
        raise NotFoundError
    round_id = item.batch_id or item.subject_id
    found = plans.list_plans(round_id)
    return _render_plan(round_id, found[-1].id if found else None, item_id)


def _render_plan(round_id: int, plan_id: int | None, item_id: int | None) -> str:
    evaluation_round, refusal = get_round(round_id), current_refusal()
    plan = plans.get_plan(plan_id) if plan_id is not None else None
    if plan is not None and plan.round_id != round_id:
        raise NotFoundError
    show_round_of(round_id, current_actor())
    after = request.args.get("after", 0, type=row_id)
    lines = plans.plan_lines(plan.id, after=after, limit=PAGE + 1) if plan else []
    return render_template(
        "ratings/plan.html",
        evaluation_round=evaluation_round,
        plans=plans.list_plans(round_id),
        plan=plan,
        totals=plans.totals_of(plan.id) if plan else None,
        lines=lines[:PAGE],
        next_after=lines[PAGE - 1][0].id if len(lines) > PAGE else None,
        shortage_word=SHORTAGE_NAMES,
        item_id=item_id,
        errors=dict(refusal.errors) if refusal else {},
        posted=refusal.posted if refusal else {},
    )


@blueprint.get("/push-plans/<int:plan_id>/items/<int:candidacy_id>")
@person.require_role(*PLANNERS)
def plan_item(plan_id: int, candidacy_id: int) -> str:
    """One item of a plan: who is asked and why, who was left out and why."""
    row, candidacy = plans.get_plan_item(plan_id=plan_id, candidacy_id=candidacy_id)
    return render_template(
        "ratings/plan_item.html",
        plan=plans.get_plan(plan_id),
        row=row,
        candidacy=candidacy,
        domain=showing.domain_names(candidacy.domain_code),
        seats=plans.seats_of(plan_id=plan_id, candidacy_id=candidacy_id),
        left_out=plans.left_out_of(row),
        provinces=plans.province_names(),
        names={"fit": FIT_NAMES, "purpose": PURPOSE_NAMES, "exclusion": EXCLUSION_NAMES, "shortage": SHORTAGE_NAMES},
    )


@blueprint.get("/rounds/<int:round_id>/responses")
@person.require_role(*RESPONSE_READERS)
def responses(round_id: int) -> str:
    """How far the ratings of each item are from the quorum; those below it first."""
    evaluation_round = get_round(round_id)
    return render_template(
        "ratings/responses.html", evaluation_round=evaluation_round, lines=responses_of(evaluation_round)
    )


@blueprint.get("/doubted-ratings")
@person.require_role("national_auditor")
def doubted_now() -> str:
    """Those of the current round: where the navigation leads."""
    return _doubted(current_round())


@blueprint.get("/rounds/<int:round_id>/doubted-ratings")
@person.require_role("national_auditor")
def doubted(round_id: int) -> str:
    """Ratings that wait for a person's check; the organisation is named, the rater is not."""
    return _doubted(get_round(round_id))


def _doubted(evaluation_round: Any) -> str:  # noqa: ANN401 -- a round, whose model doors do not know
    lines = [] if evaluation_round is None else pending_ratings(evaluation_round.id)
    return render_template(
        "ratings/doubted.html", evaluation_round=evaluation_round, lines=lines, doubt_word=DOUBT_NAMES
    )


@blueprint.post("/ratings/<int:rating_id>/judge")
@person.require_role("national_auditor")
def judge(rating_id: int) -> Answer:
    """Counts a doubted rating, or leaves it out; with a reason."""
    validity = Validity.VALID if request.form.get("validity") == "valid" else Validity.INVALID
    with transaction():
        rating = usecases.judge_rating(
            rating_id=rating_id, validity=validity, reason=request.form.get("reason", ""), actor=current_actor()
        )
        round_id = rating.round_id
    notify(_("已核查。"))
    return redirect(url_for("ratings.doubted", round_id=round_id))
