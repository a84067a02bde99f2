"""The sentence of every refusal (flows.md, section 15), in Chinese and English. Alphabetic by code.

Style: polite, short, says what and until when; no exclamation mark.
"""

from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter

from app.web.dates import full_date, moment_text
from app.web.locale import Locale


@dataclass(frozen=True, slots=True)
class Sentence:
    """One refusal in both languages; both name the same parameters."""

    zh: str
    en: str

    @property
    def params(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.zh) if name)

    def text(self, locale: Locale) -> str:
        return self.en if locale == "en" else self.zh


# fmt: off -- one refusal a line, as in a table
SENTENCES = {
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
    "act_failed": Sentence("未能处理：{cause}", "This could not be done: {cause}"),
    "act_reason_required": Sentence(
        "请填写原因，原因将记入操作日志。",
        "Please give the reason; it goes into the audit log.",
    ),
    "already_done": Sentence("该事项已由{name}于{time}办结，无需重复办理。", "{name} completed this item at {time}."),
    "already_published": Sentence("通报已经发布。", "The commendation has been published already."),
    "already_suspended": Sentence(
        "该流程已处于中止状态。",
        "The case is suspended already.",
    ),
    "attachment_unknown": Sentence(
        "附件不存在或不可使用，请重新上传。", "This attachment is not available. Please upload it again."
    ),
    "attribution_unknown": Sentence(
        "无法确定归属省份，请填写平台已登记的委托单位或承担单位，或选择归属省份。",
        "The province cannot be determined. Please name a registered commissioner or undertaker, or choose the province.",
    ),
    "bad_credentials": Sentence(
        "用户名或密码不正确。连续5次错误将锁定30分钟。",
        "User name or password is wrong. Five failures lock the account for 30 minutes.",
    ),
    "bad_request": Sentence(
        "请求的格式不正确，请返回上一页重试。", "The request could not be read. Please go back and try again."
    ),
    "body_too_large": Sentence("请求内容超过{max} MB。", "The request is larger than {max} MB."),
    "candidacy_ended": Sentence(
        "该成果的评优已有结果，不能再退出。", "This candidacy has ended already and cannot be withdrawn."
    ),
    "change_reason_required": Sentence(
        "请填写变更原因，将随变更公告一并公布。", "Please give the reason; it is published with the change notice."
    ),
    "choice_invalid": Sentence("“{label}”的选项无效，请重新选择。", "Please choose one of the options of {label}."),
    "choice_unknown": Sentence(
        "所选内容不存在或不在可选范围内，请重新选择。", "What was chosen is not among the options. Please choose again."
    ),
    "claimed_by_other": Sentence("该事项正由{name}办理。", "{name} is working on this item."),
    "comment_too_short": Sentence(
        "评为1分或5分时，请填写不少于20字的评价意见。", "With 1 or 5 please write at least 20 characters."
    ),
    "conflict_of_interest": Sentence("存在回避情形：{reason}。", "Conflict of interest: {reason}."),
    "csrf_failed": Sentence(
        "页面已过期，请刷新后重新提交。", "This page has expired. Please reload it and submit again."
    ),
    "cursor_invalid": Sentence(
        "列表已更新，请从第一页重新查看。", "The list has changed. Please start again from its first page."
    ),
    "date_invalid": Sentence("“{label}”应为有效日期，例如2026-03-05。", "{label} must be a date such as 2026-03-05."),
    "date_not_later": Sentence("新的截止时间应晚于{time}。", "The new end must be later than {time}."),
    "deadline_passed": Sentence("已过截止时间，本事项已关闭。", "The deadline has passed and the item was closed."),
    "decision_unknown": Sentence("没有名为“{decision}”的决策表。", "There is no decision table called {decision}."),
    "declaration_required": Sentence(
        "请先声明与完成单位有无利益关系或竞争关系。",
        "Please declare first whether you have an interest in or compete with the authors.",
    ),
    "definition_file_missing": Sentence("请选择.bpmn文件。", "Please choose a .bpmn file."),
    "definition_key_differs": Sentence(
        "图中的流程编号为“{found}”，应为“{key}”。", "The process drawn is called {found}; it should be {key}."
    ),
    "definition_key_invalid": Sentence(
        "流程编号由小写字母开头，只含小写字母、数字和下划线，不超过64个字符。",
        "The key begins with a small letter and holds small letters, digits and underscores, 64 at most.",
    ),
    "definition_key_taken": Sentence(
        "流程“{key}”已存在，请打开后修改。", "The flow {key} exists already. Please open it and change it there."
    ),
    "definition_moved_on": Sentence(
        "他人已部署第{version}版，您的草稿未被覆盖；请下载草稿，对照新版后再部署。",
        "Somebody deployed version {version} meanwhile. Your draft is kept: download it and compare before you deploy.",
    ),
    "definition_name_missing": Sentence("请填写流程名称。", "Please give the flow a name."),
    "definition_refused": Sentence(
        "流程未通过校验，共{n}处问题，已在图中标出，原版本继续运行。",
        "The flow has {n} faults, marked on the diagram. The old version stays in use.",
    ),
    "definition_too_large": Sentence("流程文件超过1 MB，未能保存。", "The flow is larger than 1 MB and was not saved."),
    "definition_unreadable": Sentence("文件无法读取：{text}", "The file cannot be read: {text}"),
    "delegate_unfit": Sentence(
        "该用户不存在，或没有办理此事项的权限。", "There is no such user, or that user may not do this item."
    ),
    "deployment_note_missing": Sentence("请填写部署说明：改了什么、为什么。", "Please say what changed and why."),
    "document_unregistered": Sentence(
        "请先登记发文字号和发文日期。", "Please register the document's number and date first."
    ),
    "draft_exists": Sentence(
        "您已有流程“{key}”的草稿；如需以此文件替换，请勾选“替换我的草稿”。",
        "You have a draft of {key} already. To replace it by this file, tick “Replace my draft”.",
    ),
    "draft_moved_on": Sentence(
        "该草稿已在另一窗口更新，本窗口的改动未保存；请下载后刷新页面。",
        "This draft was changed in another window; what you changed here is not saved. Download it, then reload the page.",
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
    "edit_conflict": Sentence(
        "内容已被他人更新，请对照后再保存。", "Someone changed this meanwhile. Compare, then save."
    ),
    "email_invalid": Sentence("“{label}”不是有效的邮箱地址。", "{label} is not a valid email address."),
    "experts_short": Sentence(
        "符合条件的专家最多可组成{n}人，不足{size}人，请调整抽取条件。",
        "At most {n} of the {size} seats can be filled under these conditions. Please adjust them.",
    ),
    "extension_used_up": Sentence(
        "调查核实只能延期一次，请提出处理意见。", "The investigation can be extended once only. Please make a proposal."
    ),
    "field_required": Sentence("“{label}”为必填项。", "{label} is required."),
    "field_unknown": Sentence("没有名为“{label}”的字段。", "There is no field called {label}."),
    "file_empty": Sentence("请选择要上传的文件，文件内容不能为空。", "Please choose a file that is not empty."),
    "file_too_large": Sentence("文件超过{max} MB，请压缩或拆分后上传。", "The file is larger than {max} MB."),
    "file_type": Sentence("不支持的文件类型，仅限{types}。", "File type not allowed; use {types}."),
    "file_unmarkable": Sentence(
        "该文件无法加注阅读水印，暂不能打开，请联系评审秘书。",
        "This file cannot carry the reader's watermark and stays closed. Please ask the panel's secretary.",
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
    "forbidden": Sentence(
        "您没有办理此事项的权限，请联系本单位管理员。",
        "You may not do this. Please ask your organisation's administrator.",
    ),
    "form_refused": Sentence(
        "表单{file}的组件“{component}”未通过校验。", "Component “{component}” of the form {file} was refused."
    ),
    "four_eyes": Sentence(
        "与您办理的上一环节相互制约，请由其他人员办理。",
        "Someone else must do this step, since you did the one before.",
    ),
    "idempotency_key_reused": Sentence(
        "同一幂等键已用于另一份内容。", "This idempotency key was already used with other content."
    ),
    "idempotency_mismatch": Sentence(
        "同一幂等键已用于另一份内容。", "This idempotency key was already used with other content."
    ),
    "incident_over": Sentence(
        "该异常已处理完毕。",
        "This incident is over already.",
    ),
    "instance_ended": Sentence("该流程已结束。", "The case has ended."),
    "instance_suspended": Sentence("该流程已中止，恢复后方可办理。", "The case is suspended."),
    "internal_error": Sentence(
        "系统繁忙，您的提交未生效，请稍后重试。编号：{id}",
        "Something went wrong and nothing was saved. Please try again. Reference: {id}",
    ),
    "invalid": Sentence("有内容需要修改，尚未提交。", "Something needs to be corrected; nothing was submitted yet."),
    "invitation_closed": Sentence("该邀请已答复或已过期。", "This invitation was answered or has expired."),
    "item_closed": Sentence("该事项已关闭，无需办理。", "This item was closed; nothing is left to do."),
    "item_gone": Sentence("该成果已移出公示名单。", "This result is no longer on the list."),
    "items_uncovered": Sentence(
        "有{n}件成果可评专家不足{least}人，请补充专家后再分配。",
        "{n} items have fewer than {least} experts who may judge them. Add experts first.",
    ),
    "json_invalid": Sentence("“{label}”的内容格式不正确。", "{label} is not well formed."),
    "json_malformed": Sentence("请求内容不是有效的JSON。", "The request is not well-formed JSON."),
    "json_shape": Sentence(
        "“{label}”的内容结构不符合约定，请核对后重新填写。",
        "{label} does not have the agreed structure. Please check and fill it in again.",
    ),
    "json_too_deep": Sentence("“{label}”的内容嵌套超过{max}层。", "{label} is nested more than {max} levels deep."),
    "json_too_large": Sentence("“{label}”的内容超过{max_kb} KB。", "{label} is larger than {max_kb} KB."),
    "limits_crossed": Sentence("下限不能高于上限，请核对相关参数。", "The lower bound must not exceed the upper one."),
    "low_sample_open": Sentence(
        "还有{n}件样本不足的成果未作决定，决定后方可提交。",
        "{n} items with too few ratings are undecided. Decide them first.",
    ),
    "mark_required": Sentence("请为每个方面选择1至5分。", "Please choose a mark from 1 to 5 for every aspect."),
    "method_not_allowed": Sentence("此地址不支持该操作。", "This address does not support that operation."),
    "migration_running": Sentence(
        "该流程正在迁移在办件，请待迁移完成后再操作。",
        "Running cases of this process are being moved. Please wait until that is done.",
    ),
    "move_from_required": Sentence(
        "该流程停在多个环节（{nodes}），请指明要移走的环节。",
        "The case waits at several steps ({nodes}). Please say which of them it leaves.",
    ),
    "move_not_proven": Sentence(
        "不能移至“{nodes}”：从当前位置移至该环节的状态未经证明可达，请从所列环节中选择。",
        "The case cannot be moved to {nodes}: no proven state has it there. Please choose one of the steps listed.",
    ),
    "next_round": Sentence(
        "现在提交将计入下一评价周期（{round}），是否继续？", "If submitted now this counts for {round}. Continue?"
    ),
    "no_valid_proof": Sentence(
        "该成果没有有效的应用证明，不能凭应用证明入库。",
        "There is no valid proof of application, so this item cannot enter by its proofs.",
    ),
    "not_a_member": Sentence("有{n}人不是本组专家。", "{n} of these persons are not members of the panel."),
    "not_acceptable": Sentence("无法按所要求的格式返回。", "The requested format is not available."),
    "not_claimed": Sentence("该事项未被认领，无法退回公共队列。", "This item was not claimed and cannot be put back."),
    "not_declared": Sentence(
        "请先作出回避声明，再查阅材料和评分。", "Please declare conflicts first; material and scoring open then."
    ),
    "not_found": Sentence("未找到该记录，或您无权查看。", "Not found, or not visible to you."),
    "not_suspended": Sentence(
        "该流程未中止，无需恢复。",
        "The case is not suspended.",
    ),
    "nothing_chosen": Sentence(
        "请先勾选要处理的事项。",
        "Please choose what to act on first.",
    ),
    "number_digits": Sentence("“{label}”最多保留{digits}位小数。", "{label} takes at most {digits} decimal places."),
    "number_range": Sentence("“{label}”应为{min}至{max}之间的数字。", "{label} must be a number from {min} to {max}."),
    "number_too_large": Sentence("“{label}”不大于{max}。", "{label} must be at most {max}."),
    "number_too_small": Sentence("“{label}”不小于{min}。", "{label} must be at least {min}."),
    "objection_closed": Sentence("该异议已办结或已申请撤回。", "This objection is closed or was withdrawn."),
    "objection_formal": Sentence(
        "异议须实名并附证据；匿名或逾期的不予受理。",
        "Objections need a real name and evidence; anonymous or late ones are not accepted.",
    ),
    "objection_undecided": Sentence("该异议尚未审定，不能答复。", "This objection has not been decided yet."),
    "opinion_too_short": Sentence(
        "评审意见不少于{min}字，目前{n}字。", "The opinion needs {min} characters; it has {n}."
    ),
    "option_unknown": Sentence("“{label}”的选项无效，请重新选择。", "Please choose one of the options of {label}."),
    "order_not_tied": Sentence("只能为名次并列的成果裁定先后。", "Only items that share a rank can be put in order."),
    "organisation_has_account": Sentence(
        "该单位已有账户，请在账户列表中重置密码。",
        "This organisation has an account already; reset its password instead.",
    ),
    "organisation_unknown": Sentence(
        "本省没有登记该单位，请核对单位全称。",
        "No such organisation is registered in your province. Please check its full name.",
    ),
    "outcome_not_offered": Sentence(
        "此办理结果目前不可选择，请另选一项。", "This outcome is not available now. Please choose another."
    ),
    "outcome_required": Sentence("请选择办理结果。", "Please choose an outcome."),
    "own_material": Sentence(
        "不得审核本人或本单位提交的材料，已转上一级审核。",
        "You cannot audit your own organisation's material; it went to the next level.",
    ),
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
    "password_differs": Sentence("两次输入的新密码不一致。", "The two new passwords differ."),
    "password_weak": Sentence(
        "新密码不少于{min}位，且不同于用户名和当前密码。",
        "The new password needs at least {min} characters and differs from the user name and the present one.",
    ),
    "password_wrong": Sentence("当前密码不正确。", "The present password is wrong."),
    "period_reversed": Sentence("评价期的截止日期不能早于起始日期。", "The evaluation period ends before it begins."),
    "phone_invalid": Sentence("“{label}”不是有效的电话号码。", "{label} is not a valid telephone number."),
    "plan_decided": Sentence("推送方案已审定或尚未生成。", "The push plan is decided already, or not drawn yet."),
    "pool_frozen": Sentence("备选案例库已冻结，不能再调整。", "The pool is frozen and can no longer change."),
    "process_unknown": Sentence("没有名为“{process}”的流程。", "There is no process called {process}."),
    "rate_limited": Sentence(
        "操作过于频繁，请{seconds}秒后再试。", "Too many requests. Try again in {seconds} seconds."
    ),
    "rating_closed": Sentence("评价已截止，不能再修改。", "Rating has closed; changes are no longer possible."),
    "rating_judged": Sentence("该评价已核查。", "This rating has been judged already."),
    "reason_needed": Sentence("调整须说明理由（编号{title}）。", "Please give a reason for this change ({title})."),
    "reason_required": Sentence(
        "请填写退回原因，至少选择一项并说明。", "Choose at least one reason for the return and explain it."
    ),
    "reminder_empty": Sentence("请先选择要催办的备案。", "Choose the filings to remind about first."),
    "retry_failed": Sentence(
        "重试仍未成功：{cause}",
        "Tried again without success: {cause}",
    ),
    "retry_without_effect": Sentence(
        "已重试，但该环节仍停在原处；请查看原因，或移至其他环节。",
        "Tried again, but the case still stands where it stood. Please look at the cause, or move it to another step.",
    ),
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
    "session_expired": Sentence(
        "登录已失效，请重新登录。已填写的内容已保存为草稿。",
        "Your session has ended. Please sign in again; what you wrote was kept as a draft.",
    ),
    "setting_unknown": Sentence("没有名为“{key}”的参数。", "There is no setting called {key}."),
    "share_invalid": Sentence(
        "“{label}”应为不大于1的分数，例如2/3。", "{label} must be a fraction of at most 1, such as 2/3."
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
    "step_failed": Sentence(
        "系统未能完成这一步，您的提交未生效；已填写的内容已存为草稿，运维人员已收到通知，请稍后再提交。编号：{reference}",
        "The system could not take this step and nothing was submitted. What you wrote was kept as a draft and the operators have been told; please submit it again later. Reference: {reference}",
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
    "templates_full": Sentence(
        "常用意见最多保存{max}条，请先删除不用的。", "At most {max} templates are kept; please delete one first."
    ),
    "text_not_allowed": Sentence(
        "内容含有不允许的字符（U+0000）。", "The text holds a character that is not allowed (U+0000)."
    ),
    "text_too_long": Sentence("“{label}”不超过{max}字。", "{label} may have at most {max} characters."),
    "text_too_short": Sentence("“{label}”不少于{min}字。", "{label} needs at least {min} characters."),
    "token_required": Sentence(
        "请在请求头中提供访问令牌。", "Please send an access token in the Authorization header."
    ),
    "too_many_chosen": Sentence(
        "一次最多处理{max}件，请分批办理。",
        "At most {max} cases at a time; please act in several batches.",
    ),
    "too_many_entries": Sentence("“{label}”一次至多{max}项。", "{label} takes at most {max} entries at once."),
    "too_many_listed": Sentence(
        "拟列{n}项，超过名额{quota}项。", "{n} items are listed, more than the {quota} awards."
    ),
    "too_many_values": Sentence("提交的字段超过{max}个。", "More than {max} fields were sent."),
    "trial_stopped": Sentence("试运行无法开始：{reason}", "The trial cannot begin: {reason}"),
    "type_invalid": Sentence("“{label}”的格式不正确。", "{label} has the wrong format."),
    "undo_nothing": Sentence(
        "这是该流程的首个版本，没有可恢复的旧版本。",
        "This is the first version of the process; there is no earlier one to go back to.",
    ),
    "undo_reason_missing": Sentence("请填写撤销的原因。", "Please say why the version is taken back."),
    "unsupported_media_type": Sentence("不支持的内容格式。", "This content type is not supported."),
    "uscc_invalid": Sentence(
        "统一社会信用代码校验不通过，请核对第{n}位。",
        "The unified social credit code is not valid; check position {n}.",
    ),
    "username_shape": Sentence(
        "用户名为4至64位小写字母、数字或._-，以字母开头。",
        "A user name has 4 to 64 small letters, digits or ._- and begins with a letter.",
    ),
    "username_taken": Sentence("该用户名已被使用，请换一个。", "This user name is taken. Please choose another."),
    "weights_sum_1": Sentence("各项权重之和应为1。", "The weights must add up to 1."),
    "weights_sum_100": Sentence("各项权重之和应为100。", "The weights must add up to 100."),
    "withdrawal_reason_required": Sentence(
        "审核已作出意见，请填写撤回原因。", "An audit decision has been made. Please give a reason for the withdrawal."
    ),
}
# fmt: on


def sentence(code: str, locale: Locale, **params: object) -> str:
    """The sentence of `code`; KeyError for an unknown code or a missing parameter: both are faults of the program."""
    words = {name: _word(value, locale) for name, value in params.items()}
    return SENTENCES[code].text(locale).format_map(words)


def _word(value: object, locale: Locale) -> object:
    if isinstance(value, datetime):
        return moment_text(value, locale)
    if isinstance(value, date):
        return full_date(value, locale)
    if isinstance(value, (list, tuple)):
        return ("、" if locale == "zh" else ", ").join(str(part) for part in value)
    return value
