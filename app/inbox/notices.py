"""What flows tell people: operations whose receivers are found through roles and scopes."""

from app.accounts.queries import user_ids_with_role
from app.accounts.vocabulary import Role
from app.kernel import clock
from app.notifications.usecases import notify
from app.processes.doors import OperationCall
from app.processes.queries import get_instance, open_items

SUPERVISING = (Role.SUPERVISOR,)


def notify_overdue(call: OperationCall) -> None:
    """An audit is late: its auditors, the province's contact and the national supervision list are told (E2)."""
    instance = get_instance(call.instance_id)
    province = [instance.province_code] if instance.province_code else []
    receivers = {*user_ids_with_role(Role.PROVINCE_CONTACT, scope_codes=province)}
    until = clock.now()
    for item in open_items(subject_type=call.subject.type, subject_ids=[call.subject.id]).get(call.subject.id, ()):
        scope = province if item.role == Role.PROVINCE_AUDITOR else None
        held = [item.assignee_id] if item.assignee_id else user_ids_with_role(item.role, scope_codes=scope)
        receivers.update(held)
        until = min(until, item.due_at or until)
    for role in SUPERVISING:
        receivers.update(user_ids_with_role(role))
    notify(
        user_ids=sorted(receivers),
        kind=call.inputs.get("template", "audit_overdue"),
        params={"title": instance.title, "until": until},
        link=f"/filings/{call.subject.id}",
    )
