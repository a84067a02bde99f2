"""A person's messages."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.kernel.transaction import transaction
from app.notifications import queries, usecases
from app.notifications.texts import render
from app.web.locale import current_locale
from app.web.person import current_actor
from app.web.requests import local_target
from app.web.shell import notify

blueprint = Blueprint("notifications", __name__, template_folder="templates")


@blueprint.get("/notifications")
def messages() -> str:
    """What the person was told, the newest first; ?unread=1 for what is new."""
    user_id, is_unread_only = _person(), request.args.get("unread") == "1"
    page = queries.list_for(user_id, cursor=request.args.get("cursor"), unread_only=is_unread_only)
    return render_template(
        "notifications/list.html",
        rows=[(row, render(row.kind, row.params, current_locale())) for row in page.items],
        next_cursor=page.next,
        unread_only=is_unread_only,
        unread_count=queries.count_unread(user_id),
    )


@blueprint.get("/notifications/<int:notification_id>")
def follow(notification_id: int) -> Response:
    """Marks one as read and goes where it leads."""
    with transaction():
        link = usecases.open_notification(notification_id=notification_id, user_id=_person())
    return redirect(local_target(link, url_for("notifications.messages")))


@blueprint.post("/notifications/read")
def read_all() -> Response:
    """Marks everything as read."""
    with transaction():
        usecases.mark_read(user_id=_person())
    notify(_("消息已全部标为已读。"))
    return redirect(url_for("notifications.messages"))


def _person() -> int:
    user_id = current_actor().id
    if user_id is None:
        raise RuntimeError("the system reads no messages")
    return user_id
