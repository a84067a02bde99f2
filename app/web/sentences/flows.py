"""What flows, their cases and their work items refuse. Alphabetic by code."""

from typing import Final

from app.web.sentences.entry import Sentence

FLOWS: Final = {
    "act_failed": Sentence("未能处理：{cause}", "This could not be done: {cause}"),
    "act_reason_required": Sentence(
        "请填写原因，原因将记入操作日志。",
        "Please give the reason; it goes into the audit log.",
    ),
    "already_done": Sentence("该事项已由{name}于{time}办结，无需重复办理。", "{name} completed this item at {time}."),
    "already_suspended": Sentence(
        "该流程已处于中止状态。",
        "The case is suspended already.",
    ),
    "claimed_by_other": Sentence("该事项正由{name}办理。", "{name} is working on this item."),
    "deadline_passed": Sentence("已过截止时间，本事项已关闭。", "The deadline has passed and the item was closed."),
    "decision_unknown": Sentence("没有名为“{decision}”的决策表。", "There is no decision table called {decision}."),
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
    "draft_exists": Sentence(
        "您已有流程“{key}”的草稿；如需以此文件替换，请勾选“替换我的草稿”。",
        "You have a draft of {key} already. To replace it by this file, tick “Replace my draft”.",
    ),
    "draft_moved_on": Sentence(
        "该草稿已在另一窗口更新，本窗口的改动未保存；请下载后刷新页面。",
        "This draft was changed in another window; what you changed here is not saved. Download it, then reload the page.",
    ),
    "four_eyes": Sentence(
        "与您办理的上一环节相互制约，请由其他人员办理。",
        "Someone else must do this step, since you did the one before.",
    ),
    "incident_over": Sentence(
        "该异常已处理完毕。",
        "This incident is over already.",
    ),
    "instance_ended": Sentence("该流程已结束。", "The case has ended."),
    "instance_suspended": Sentence("该流程已中止，恢复后方可办理。", "The case is suspended."),
    "item_closed": Sentence("该事项已关闭，无需办理。", "This item was closed; nothing is left to do."),
    "item_gone": Sentence("该成果已移出公示名单。", "This result is no longer on the list."),
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
    "move_not_seen": Sentence(
        "不能移至“{nodes}”：该流程状态过多，未能在限额内全部走查，无法证明可以移至该环节。请从所列环节中选择，或先办完并行的其他环节再移。",
        "The case cannot be moved to {nodes}: its process has too many states to see them all, so that nobody can say "
        "whether that can be. Please choose one of the steps listed, or complete a parallel step first.",
    ),
    "not_claimed": Sentence("该事项未被认领，无法退回公共队列。", "This item was not claimed and cannot be put back."),
    "not_suspended": Sentence(
        "该流程未中止，无需恢复。",
        "The case is not suspended.",
    ),
    "outcome_not_offered": Sentence(
        "此办理结果目前不可选择，请另选一项。", "This outcome is not available now. Please choose another."
    ),
    "outcome_required": Sentence("请选择办理结果。", "Please choose an outcome."),
    "own_material": Sentence(
        "不得审核本人或本单位提交的材料，已转上一级审核。",
        "You cannot audit your own organisation's material; it went to the next level.",
    ),
    "process_unknown": Sentence("没有名为“{process}”的流程。", "There is no process called {process}."),
    "retry_failed": Sentence(
        "重试仍未成功：{cause}",
        "Tried again without success: {cause}",
    ),
    "retry_without_effect": Sentence(
        "已重试，但该环节仍停在原处；请查看原因，或移至其他环节。",
        "Tried again, but the case still stands where it stood. Please look at the cause, or move it to another step.",
    ),
    "step_failed": Sentence(
        "系统未能完成这一步，您的提交未生效；已填写的内容已存为草稿，运维人员已收到通知，请稍后再提交。编号：{reference}",
        "The system could not take this step and nothing was submitted. What you wrote was kept as a draft and the operators have been told; please submit it again later. Reference: {reference}",
    ),
    "templates_full": Sentence(
        "常用意见最多保存{max}条，请先删除不用的。", "At most {max} templates are kept; please delete one first."
    ),
    "trial_stopped": Sentence("试运行无法开始：{reason}", "The trial cannot begin: {reason}"),
    "undo_nothing": Sentence(
        "这是该流程的首个版本，没有可恢复的旧版本。",
        "This is the first version of the process; there is no earlier one to go back to.",
    ),
    "undo_reason_missing": Sentence("请填写撤销的原因。", "Please say why the version is taken back."),
}
