"""What the generic page of a work item tells about an objection and about a round's documents."""

from flask import url_for

from app.accounts.vocabulary import Role
from app.announcements import queries
from app.announcements.results import read_commendation
from app.announcements.words import DECISIONS, KINDS, PROPOSALS
from app.inbox.pages import Fact
from app.kernel.actor import Actor
from app.processes.models import WorkItem
from app.web.locale import pick

DOCUMENT_NODES = ("draft", "sign", "issue")
RESULT_NODES = ("final", "final_sign")


def tell_candidacy(item: WorkItem, actor: Actor) -> list[Fact]:
    """About an objection: what it is and what was found; who objects only by the handler's dossier (E9)."""
    objection = queries.objection_of_instance(item.instance_id)
    if objection is None:
        return []
    facts = [Fact("异议性质", "Kind", KINDS(objection.kind))]
    if actor.has_role(Role.OBJECTION_HANDLER):
        href = url_for("announcements.objection", objection_id=objection.id)
        facts.append(Fact("异议案卷", "Dossier", objection.receipt_number, href))
    if objection.withdrawal_asked_at is not None:
        facts.append(Fact("撤回", "Withdrawal", pick("异议人已申请撤回", "The objector asked to withdraw")))
    if objection.proposal:
        facts.append(Fact("处理建议", "Proposal", PROPOSALS(objection.proposal)))
        facts.append(Fact("调查情况", "Findings", objection.findings))
    if objection.correction:
        facts.append(Fact("拟更正内容", "Correction", objection.correction))
    if objection.decision:
        facts.append(Fact("审定结论", "Decision", DECISIONS(objection.decision)))
    return facts


def tell_round(item: WorkItem, actor: Actor) -> list[Fact]:  # noqa: ARG001 -- the signature of inbox.pages
    """About the commendation and the result: where they can be read before they are signed."""
    if item.node in DOCUMENT_NODES:
        count = len(read_commendation(item.subject_id).lines)
        href = url_for("announcements.commendation", round_id=item.subject_id)
        docx = url_for("announcements.commendation_docx", round_id=item.subject_id)
        return [
            Fact("通报名单", "Listed", pick(f"{count}项", str(count)), href),
            Fact("通报文稿", "Text", "DOCX", docx),
        ]
    if item.node in RESULT_NODES:
        href = url_for("announcements.result", round_id=item.subject_id)
        return [Fact("评价结果", "Result", pick("查看各省得分和名次", "Scores and ranks"), href)]
    return []
