"""What the evaluation refuses: rounds, filings, ratings, panels, notices, and the people who stand in. Alphabetic by code."""

from typing import Final

from app.web.sentences.entry import Sentence

EVALUATION: Final = {
    "absence_backwards": Sentence("结束日期不能早于开始日期。", "The last day may not lie before the first."),
    "absence_ended": Sentence("该外出安排已结束。", "This absence has ended already."),
    "absence_long": Sentence(
        "外出最长{days}天；更长的请联系安全管理员调整角色。",
        "At most {days} days; for longer, ask the security administrator to change the roles.",
    ),
    "absence_overlaps": Sentence(
        "这些日期与您已登记的外出重叠，请调整日期，或先结束原安排。",
        "These days overlap an absence of yours. Change the days, or end that absence first.",
    ),
    "absence_past": Sentence("开始日期不能早于今天。", "The first day may not lie in the past."),
    "already_published": Sentence("通报已经发布。", "The commendation has been published already."),
    "attribution_unknown": Sentence(
        "无法确定归属省份，请填写平台已登记的委托单位或承担单位，或选择归属省份。",
        "The province cannot be determined. Please name a registered commissioner or undertaker, or choose the province.",
    ),
    "candidacy_ended": Sentence(
        "该成果的评优已有结果，不能再退出。", "This candidacy has ended already and cannot be withdrawn."
    ),
    "change_reason_required": Sentence(
        "请填写变更原因，将随变更公告一并公布。", "Please give the reason; it is published with the change notice."
    ),
    "conflict_of_interest": Sentence("存在回避情形：{reason}。", "Conflict of interest: {reason}."),
    "declaration_required": Sentence(
        "请先声明与完成单位有无利益关系或竞争关系。",
        "Please declare first whether you have an interest in or compete with the authors.",
    ),
    "document_unregistered": Sentence(
        "请先登记发文字号和发文日期。", "Please register the document's number and date first."
    ),
    "draw_closed": Sentence(
        "本次抽取已完成或已中止，请刷新页面。", "This draw was completed or stopped. Please reload."
    ),
    "draw_open": Sentence(
        "抽取尚未进行，抽取记录在抽取后公开。", "The draw has not taken place; its record opens afterwards."
    ),
    "duplicate_confirmed": Sentence(
        "已认定与其他备案为同一项目，不能通过；请退回补正或不予通过。",
        "It was found to be the same project as another filing and cannot be approved. Please return or reject it.",
    ),
    "duplicate_file": Sentence(
        "该报告文件已由{org}备案（{no}），不能重复备案。", "This file was already filed by {org} ({no})."
    ),
    "duplicate_suspected": Sentence(
        "名称相近的成果可能已备案，请确认是否为同一项目。",
        "A similar result may already be filed. Is it the same project?",
    ),
    "experts_short": Sentence(
        "符合条件的专家最多可组成{n}人，不足{size}人，请调整抽取条件。",
        "At most {n} of the {size} seats can be filled under these conditions. Please adjust them.",
    ),
    "extension_used_up": Sentence(
        "调查核实只能延期一次，请提出处理意见。", "The investigation can be extended once only. Please make a proposal."
    ),
    "filing_in_pool": Sentence(
        "该成果已进入备选案例库，备案不能撤回；如不再参评，请申请退出评选。",
        "This result is in the case pool and its filing cannot be withdrawn. You may withdraw from the award instead.",
    ),
    "filing_not_open": Sentence(
        "该备案已撤回或已办结，无需再办理。", "This filing was withdrawn or decided; nothing is left to do."
    ),
    "filing_not_withdrawable": Sentence("只有审核中的备案可以撤回。", "Only a filing under audit can be withdrawn."),
    "filing_submitted": Sentence(
        "该备案已提交（{no}），审核期间不能修改。",
        "This filing was submitted ({no}) and cannot be changed while it is audited.",
    ),
    "invitation_closed": Sentence("该邀请已答复或已过期。", "This invitation was answered or has expired."),
    "items_uncovered": Sentence(
        "有{n}件成果可评专家不足{least}人，请补充专家后再分配。",
        "Items with fewer than {least} experts who may judge them: {n}. Add experts first.",
    ),
    "limits_crossed": Sentence("下限不能高于上限，请核对相关参数。", "The lower bound must not exceed the upper one."),
    "low_sample_open": Sentence(
        "还有{n}件样本不足的成果未作决定，决定后方可提交。",
        "Undecided items with too few ratings: {n}. Decide them first.",
    ),
    "next_round": Sentence(
        "现在提交将计入下一评价周期（{round}），是否继续？", "If submitted now this counts for {round}. Continue?"
    ),
    "no_valid_proof": Sentence(
        "该成果没有有效的应用证明，不能凭应用证明入库。",
        "There is no valid proof of application, so this item cannot enter by its proofs.",
    ),
    "not_a_member": Sentence("有{n}人不是本组专家。", "{n} of these persons are not members of the panel."),
    "not_declared": Sentence(
        "请先作出回避声明，再查阅材料和评分。", "Please declare conflicts first; material and scoring open then."
    ),
    "objection_closed": Sentence("该异议已办结或已申请撤回。", "This objection is closed or was withdrawn."),
    "objection_formal": Sentence(
        "异议须实名并附证据；匿名或逾期的不予受理。",
        "Objections need a real name and evidence; anonymous or late ones are not accepted.",
    ),
    "objection_undecided": Sentence("该异议尚未审定，不能答复。", "This objection has not been decided yet."),
    "order_not_tied": Sentence("只能为名次并列的成果裁定先后。", "Only items that share a rank can be put in order."),
    "panel_not_in_session": Sentence(
        "评分锁定后、评审组结项前方可提交不同意见。",
        "A dissent can be written between the lock and the closing of the panel.",
    ),
    "panel_size_odd": Sentence("每组专家数应为奇数。", "The number of experts in a panel must be odd."),
    "panels_formed": Sentence("评审组已组建，请刷新页面。", "The panels were formed already. Please reload."),
    "panels_not_exact": Sentence(
        "每件入库成果须且只能分入一个评审组：未分入{missing}件，重复或不在库中{wrong}件。",
        "Every item of the pool belongs to exactly one panel: {missing} missing, {wrong} repeated or not in the pool.",
    ),
    "plan_decided": Sentence("推送方案已审定或尚未生成。", "The push plan is decided already, or not drawn yet."),
    "pool_frozen": Sentence("备选案例库已冻结，不能再调整。", "The pool is frozen and can no longer change."),
    "rating_closed": Sentence("评价已截止，不能再修改。", "Rating has closed; changes are no longer possible."),
    "rating_judged": Sentence("该评价已核查。", "This rating has been judged already."),
    "reason_required": Sentence(
        "请填写退回原因，至少选择一项并说明。", "Choose at least one reason for the return and explain it."
    ),
    "reminder_empty": Sentence("请先选择要催办的备案。", "Choose the filings to remind about first."),
    "returns_used_up": Sentence(
        "本级已退回两次，请作出通过或不予通过的决定。",
        "Already returned twice at this level. Please approve or reject.",
    ),
    "round_frozen": Sentence(
        "评价周期已启动，参数已冻结，不能再修改。", "The round was released; its parameters are frozen."
    ),
    "round_name_taken": Sentence("已有同名的评价周期，请换一个名称。", "Another round has this name already."),
    "scores_locked": Sentence("评分已锁定，不能再修改。", "Scores are locked; changes are no longer possible."),
    "seat_declined": Sentence("贵单位已谢绝评价该成果。", "Your organisation has declined to rate this result."),
    "seat_moved_on": Sentence("该评审件的状态已变化，请刷新页面。", "This review has moved on. Please reload."),
    "seat_rated": Sentence("该成果已评价，不能再谢绝。", "This result has been rated; it can no longer be declined."),
    "seat_void": Sentence("该评审席位已作废，无需办理。", "This seat is void; nothing is left to do."),
    "secrecy_unconfirmed": Sentence(
        "请勾选非涉密承诺。涉密材料不得上传。",
        "Confirm that the material is not classified. Classified material may not be uploaded.",
    ),
    "sheet_invalid": Sentence(
        "评分表有内容需要修改，尚未提交。", "The score sheet needs corrections; it was not submitted yet."
    ),
    "stage_closed": Sentence("本阶段已于{time}结束，不能再提交。", "This stage ended at {time}."),
    "stage_not_open": Sentence(
        "本阶段尚未开始，计划于{time}开始。", "This stage has not begun; it is planned for {time}."
    ),
    "stage_window_invalid": Sentence(
        "阶段“{stage}”的截止日期无效，应写作closes_at及日期。",
        "The end of stage {stage} is not valid; give closes_at with a date.",
    ),
    "stage_without_timer": Sentence(
        "本阶段由办理结果结束，没有可调整的截止时间。",
        "This stage ends with its last decision; it has no deadline to move.",
    ),
    "substitute_away": Sentence(
        "该同事在这些日期也已外出，请另选代办人。",
        "That colleague is away on one of these days. Please choose another.",
    ),
    "substitute_unfit": Sentence(
        "代办人须为本单位在岗人员，并持有可代办您工作的角色。",
        "The substitute must belong to your office and hold a role that may do your work.",
    ),
    "supplement_not_asked": Sentence("目前无需补充材料。", "No supplement has been asked for."),
    "withdrawal_reason_required": Sentence(
        "审核已作出意见，请填写撤回原因。", "An audit decision has been made. Please give a reason for the withdrawal."
    ),
}
