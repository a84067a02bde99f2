"""Homes of those who keep the system: designer and system administrator, who see no business content."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from sqlalchemy import func, select

from app.accounts.models import User
from app.dashboard.blocks import Block, Cell, Home, Kpis, NextStep, Row, Rows, Table
from app.dashboard.common import Present, first_step, plural, queue_block, read_waiting, today_words, unit
from app.dashboard.risks import stopped_step
from app.kernel import clock
from app.kernel.db import session
from app.notifications.models import Notification
from app.notifications.vocabulary import MailStatus
from app.processes.jobs import may_run
from app.processes.models import Job, ProcessDefinition, ProcessInstance, ProcessTimer
from app.processes.operating.incident_models import Incident
from app.processes.queries import count_running_by_definition, list_definitions
from app.processes.vocabulary import InstanceStatus, JobStatus
from app.web.dates import moment_text
from app.web.locale import current_locale, pick
from app.web.shell import step_name

GRACE = timedelta(minutes=5)
"""A timer that is later than this was missed by the worker."""
SHOWN = 12


def designer_home(present: Present) -> Home:
    """Definitions with version, running cases and proof; incidents by element."""
    waiting = read_waiting(present.actor)
    running = count_running_by_definition()
    definitions = list_definitions()
    rows = [
        [
            Cell(text=step_name(one.name), small=one.key, href=url_for("studio.modeler", key=one.key)),
            Cell(text=str(one.version), is_number=True),
            Cell(text=str(running.get(one.id, 0)), is_number=True),
            Cell(text=_proof(one.proof)),
        ]
        for one in definitions
    ]
    table = Table(
        title=pick("流程", "Flows"),
        count=len(definitions),
        columns=[
            (pick("流程", "Flow"), ""),
            (pick("版本", "Version"), "n"),
            (pick("运行中", "Running"), "n"),
            (pick("证明", "Proof"), ""),
        ],
        rows=rows,
        empty=pick("尚未部署流程。", "No flow is deployed."),
    )
    incidents = _incidents()
    words = pick(
        f"{len(definitions)}个流程在用，运行中{sum(running.values())}件，{len(incidents)}处异常。",
        f"{plural(len(definitions), 'flow', 'flows')} in use, {plural(sum(running.values()), 'case', 'cases')} running, "
        f"{plural(len(incidents), 'incident', 'incidents')}.",
    )
    blocks: list[Block] = [
        table,
        *([queue_block(waiting, title=pick("待办", "To do"))] if waiting.items else []),
        Rows(
            title=pick("运行异常", "Incidents"),
            count=len(incidents),
            rows=incidents,
            empty=pick("没有未处理的异常。", "No open incident."),
            empty_icon="check-circle-fill",
            place="side",
        ),
    ]
    return Home(
        title=pick("流程", "Flows"),
        summary=today_words() + words,
        next=first_step(waiting, calm=_designer_calm(len(incidents))),
        has_road=False,
        blocks=blocks,
    )


def _designer_calm(incidents: int) -> NextStep:
    button, href = pick("打开流程设计", "Open the workshop"), url_for("studio.index")
    if incidents:
        return NextStep(
            title=pick(f"查看{incidents}处运行异常", f"Look into {plural(incidents, 'incident', 'incidents')}"),
            why=pick(
                "停止的事项留在原环节，改好流程后可继续办理。", "Stopped cases stay where they are until it is mended."
            ),
            button=button,
            href=href,
        )
    return NextStep(
        title=pick("各流程运行正常", "All flows run"),
        why=pick(
            "修改流程时，先在草稿中校验和试运行，再部署新版本。", "Changes are checked and tried as a draft first."
        ),
        button=button,
        href=href,
        calm=True,
    )


def _proof(proof: object) -> str:
    if not isinstance(proof, dict) or "states" not in proof:
        return pick("未证明", "not proven")
    states = proof["states"]
    return pick(f"已证明，{states}个状态", f"proven, {states} states")


def _incidents() -> list[Row]:
    """Open incidents by process and element."""
    rows = session.execute(
        select(Incident.node, ProcessDefinition, func.count(), func.max(Incident.at))
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(Incident.resolved_at.is_(None))
        .group_by(Incident.node, ProcessDefinition.id)
        .order_by(func.count().desc(), func.max(Incident.at).desc())
        .limit(SHOWN)
    )
    return [
        Row(
            title=stopped_step(node, definition),
            small=pick("，", ", ").join(
                part
                for part in (step_name(definition.name) if definition else "", moment_text(at, current_locale()))
                if part
            ),
            icon="bug",
            figure=pick(f"{count}处", str(count)),
        )
        for node, definition, count, at in rows
    ]


def sys_home(present: Present) -> Home:  # noqa: ARG001 -- every home is built from the present; this one has no business content
    """Health: queue, late timers, failed jobs, incidents, mail; accounts locked. No business content."""
    now = clock.now()
    counts = session.execute(
        select(
            *(
                query.scalar_subquery()
                for query in (
                    select(func.count()).where(may_run()),
                    select(func.count()).where(ProcessTimer.due_at < now - GRACE),
                    select(func.count()).where(Job.status == JobStatus.FAILED),
                    select(func.count()).where(Incident.resolved_at.is_(None)),
                    select(func.count()).where(Notification.mail_status == MailStatus.QUEUED),
                    select(func.count()).where(ProcessInstance.status == InstanceStatus.INCIDENT),
                )
            )
        )
    ).one()
    queue, timers, failed, incidents, mail, stopped = (int(count) for count in counts)
    locked = _locked()
    faults = timers + failed + incidents
    items = [
        {"label": pick("待执行任务", "Jobs waiting"), "value": queue, "unit": unit("个")},
        {"label": pick("迟到的定时器", "Late timers"), "value": timers, "unit": unit("个"), "bad": timers > 0},
        {"label": pick("失败任务", "Failed jobs"), "value": failed, "unit": unit("个"), "bad": failed > 0},
        {
            "label": pick("运行异常", "Incidents"),
            "value": incidents,
            "unit": unit("处"),
            "bad": incidents > 0,
            "note": pick(f"{stopped}件停止", f"{stopped} cases stopped"),
        },
        {"label": pick("待发邮件", "Mail to send"), "value": mail, "unit": unit("封")},
    ]
    well = pick("系统运行正常。", "The system runs well.")
    ill = pick(f"{faults}处需要处理。", f"{plural(faults, 'fault', 'faults')} to look into.")
    return Home(
        title=pick("系统运行", "System"),
        summary=today_words() + (ill if faults else well),
        next=_sys_next(timers, failed, incidents, len(locked)),
        has_road=False,
        blocks=[
            Kpis(title=pick("运行状况", "Health"), items=items, place="lead"),
            Rows(
                title=pick("锁定的账户", "Locked accounts"),
                count=len(locked),
                rows=[_locked_row(user) for user in locked],
                empty=pick("没有锁定的账户。", "No account is locked."),
                empty_icon="check-circle-fill",
                link=(pick("解除锁定", "Unlock"), url_for("board.locked")) if locked else None,
            ),
            Rows(
                title=pick("异常", "Incidents"),
                rows=_incidents(),
                empty=pick("没有未处理的异常。", "No open incident."),
                empty_icon="check-circle-fill",
                place="side",
            ),
        ],
    )


def _sys_next(timers: int, failed: int, incidents: int, locked: int) -> NextStep:
    if timers:
        return NextStep(
            title=pick("检查后台任务进程", "Look at the background worker"),
            why=pick(
                f"{timers}个定时器已到期未触发。", f"{plural(timers, 'timer is', 'timers are')} due and have not fired."
            ),
        )
    if failed or incidents:
        return NextStep(
            title=pick("处理运行异常", "Look into the incidents"),
            why=pick(
                f"{failed}个任务失败，{incidents}处异常；流程设计员可见所在环节。",
                f"{plural(failed, 'job', 'jobs')} failed, {plural(incidents, 'incident', 'incidents')}.",
            ),
        )
    if locked:
        return NextStep(
            title=pick(f"{locked}个账户被锁定", f"{plural(locked, 'account is', 'accounts are')} locked"),
            why=pick("锁定到时自动解除，也可提前解除。", "Locks end by themselves; you may lift them earlier."),
            button=pick("查看", "Look"),
            href=url_for("board.locked"),
            calm=True,
        )
    return NextStep(
        title=pick("目前无需处理", "Nothing to do"),
        why=pick(
            "出现迟到的定时器、失败任务或锁定账户时，在此提示。", "Late timers, failed jobs and locks are shown here."
        ),
        calm=True,
    )


def _locked() -> Sequence[User]:
    return session.scalars(
        select(User).where(User.locked_until > clock.now()).order_by(User.locked_until, User.id).limit(SHOWN)
    ).all()


def _locked_row(user: User) -> Row:
    until = moment_text(user.locked_until, current_locale()) if user.locked_until else ""
    return Row(title=user.username, small=pick(f"锁定至{until}", f"locked until {until}"), icon="lock", strong=False)
