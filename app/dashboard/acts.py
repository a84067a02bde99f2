"""What the acts of the audit log are called, and its details as pairs: administrators read no code."""

from collections.abc import Mapping
from typing import Any

from app.dashboard.vocabulary import ASK_ACTION, REMIND_ACTION
from app.kernel.db import canonical_json
from app.web.locale import pick
from app.web.words import Words

# fmt: off -- one act a line, as in a table
ACTS = Words(
    {
        "accounts.open_account": ("开立账户", "Open an account"),
        "accounts.reset_password": ("重置密码", "Reset a password"),
        "accounts.substitute_named": ("指定代办人", "Name a substitute"),
        "accounts.substitute_released": ("收回代办", "Take the work back"),
        "accounts.unlock_user": ("解除锁定", "Lift a lock"),
        "announcements.archive_round": ("归档周期", "Archive a round"),
        "announcements.ask_supplement_objection": ("要求补充异议材料", "Ask for a supplement"),
        "announcements.close_early_objection": ("异议撤回结案", "Close a withdrawn objection"),
        "announcements.close_public_notice": ("结束公示", "End a public notice"),
        "announcements.close_withdrawn_objection": ("异议撤回结案", "Close a withdrawn objection"),
        "announcements.conclude_item": ("得出公示项结论", "Conclude an item"),
        "announcements.correct_item": ("更正公示项", "Correct an item"),
        "announcements.decide_objection": ("审定异议", "Decide an objection"),
        "announcements.draft_commendation": ("起草通报", "Draft the commendation"),
        "announcements.hold_item": ("暂缓公布", "Put an item on hold"),
        "announcements.investigate_objection": ("调查异议", "Investigate an objection"),
        "announcements.name_ground_objection": ("说明不予受理理由", "Name the ground of a refusal"),
        "announcements.publish_commendation": ("发布通报", "Publish the commendation"),
        "announcements.publish_correction": ("发布更正", "Publish a correction"),
        "announcements.publish_public_notice": ("发布公示", "Open a public notice"),
        "announcements.publish_ranking": ("公布评价结果", "Publish the result"),
        "announcements.publish_start": ("发布启动通知", "Publish the start notice"),
        "announcements.publish_supplement": ("补充公布", "Publish a supplement"),
        "announcements.record_award": ("登记优秀项目", "Record an award"),
        "announcements.refuse_objection": ("不予受理异议", "Refuse an objection"),
        "announcements.register_document": ("登记发文", "Register the document"),
        "announcements.register_objection": ("登记异议", "Register an objection"),
        "announcements.remove_item": ("移出名单", "Remove an item"),
        "announcements.reply_objection": ("答复异议", "Reply to an objection"),
        "announcements.set_contacts": ("设置联系人", "Set the contacts"),
        "announcements.supplement_objection": ("补充异议材料", "Supplement an objection"),
        "announcements.withdraw_objection": ("申请撤回异议", "Ask to withdraw an objection"),
        "audit.export_entries": ("导出日志", "Export the log"),
        "audit.verify_chain": ("核验日志链", "Verify the chain"),
        "candidacies.low_sample": ("处理样本不足", "Decide on too few ratings"),
        "candidacies.manual": ("初筛人工核定", "Screen by hand"),
        "candidacies.open_candidacies": ("进入评优", "Enter for the award"),
        "candidacies.recheck": ("初筛复核", "Recheck of screening"),
        "candidacies.request": ("答复初筛结果", "Answer to the screening"),
        "candidacies.withdrawal": ("退出评选", "Leave the award"),
        ASK_ACTION: ("提醒备案", "Ask to file"),
        REMIND_ACTION: ("催办", "Send reminders"),
        "filings.audit_filing": ("审核备案", "Audit a filing"),
        "filings.create_draft": ("新建备案草稿", "Begin a filing"),
        "filings.discard_draft": ("删除备案草稿", "Discard a draft"),
        "filings.move_unfinished": ("未办结备案转入下一周期", "Move filings to the next round"),
        "filings.record_filing": ("登记备案", "Record a filing"),
        "filings.submit_filing": ("提交备案", "Submit a filing"),
        "filings.withdraw_filing": ("撤回备案", "Withdraw a filing"),
        "processes.cancel_instance": ("终止流程", "End a case"),
        "processes.end_incident": ("处理运行异常", "Settle an incident"),
        "processes.export_log": ("导出事件日志", "Export the event log"),
        "processes.finish_migration": ("完成在办件迁移", "Finish a migration of cases"),
        "processes.move_instance": ("移至其他环节", "Set a case down elsewhere"),
        "processes.resume_instance": ("恢复办理", "Resume a case"),
        "processes.start_migration": ("迁移在办件", "Migrate running cases"),
        "processes.suspend_instance": ("中止办理", "Suspend a case"),
        "processes.undo_deployment": ("撤销部署", "Undo a deployment"),
        "processes.undo_migration": ("撤销在办件迁移", "Undo a migration of cases"),
        "ratings.decline_seat": ("谢绝评价", "Decline to rate"),
        "ratings.draw_plan": ("生成推送方案", "Draw a push plan"),
        "ratings.judge_rating": ("认定存疑评价", "Judge a doubted rating"),
        "ratings.submit_rating": ("提交评价", "Submit a rating"),
        "rounds.cancel_round": ("取消周期", "Cancel a round"),
        "rounds.close_attribution": ("截止备案归属", "Close the attribution"),
        "rounds.close_stage": ("提前结束阶段", "Close a stage early"),
        "rounds.create_round": ("新建周期", "Create a round"),
        "rounds.extend_stage": ("延长阶段", "Extend a stage"),
        "rounds.freeze_parameters": ("冻结参数", "Freeze the parameters"),
        "rounds.mark_archived": ("标记归档", "Mark as archived"),
        "rounds.mark_published": ("标记公布", "Mark as published"),
        "rounds.update_round": ("修改周期", "Change a round"),
        "scoring.count_bonus": ("计算加分", "Count the bonus"),
        "scoring.decide_deductions": ("确定扣分", "Decide deductions"),
        "selection.accept_invitation": ("接受评审邀请", "Accept an invitation"),
        "selection.aggregate_scores": ("汇总评分", "Sum up the scores"),
        "selection.assign_items": ("分配评审成果", "Assign the items"),
        "selection.change_pool": ("个别调整入库", "Change the pool by hand"),
        "selection.close_panel": ("结束评审组", "Close a panel"),
        "selection.commit_seed": ("承诺随机种子", "Commit to the seed"),
        "selection.decide_proposal": ("拟定名单", "Decide the proposal"),
        "selection.declare_conflict": ("声明回避", "Declare a conflict"),
        "selection.decline_invitation": ("谢绝评审邀请", "Decline an invitation"),
        "selection.draw_experts": ("抽取专家", "Draw experts"),
        "selection.draw_replacement": ("补抽专家", "Draw a replacement"),
        "selection.form_panels": ("组建评审组", "Form the panels"),
        "selection.freeze_pool": ("冻结备选案例库", "Freeze the pool"),
        "selection.generate_minutes": ("生成会议纪要", "Write the minutes"),
        "selection.open_meeting": ("登记签到", "Open the meeting"),
        "selection.promote_reserves": ("候补递补", "Promote reserves"),
        "selection.refuse_to_judge": ("声明无法评判", "Refuse to judge"),
        "selection.seat_panel": ("组成评审组", "Seat a panel"),
        "selection.set_draw_rules": ("拟定抽取条件", "Set the rules of the draw"),
        "selection.stop_draw": ("中止抽取", "Stop a draw"),
        "selection.submit_sheet": ("提交评分", "Submit a score sheet"),
        "selection.write_dissent": ("保留不同意见", "Write a dissent"),
        "selection.write_opinion": ("填写评审意见", "Write the opinion"),
        "studio.deploy_definition": ("部署流程", "Deploy a flow"),
        "studio.deploy_flow": ("部署流程", "Deploy a flow"),
        "studio.start_trial": ("开始试运行", "Start a trial"),
        "work_item.claim": ("认领事项", "Claim an item"),
        "work_item.complete": ("办理事项", "Complete an item"),
        "work_item.delegate": ("转办事项", "Hand an item on"),
        "work_item.release": ("退回认领", "Give an item back"),
    }
)
# fmt: on


def detail_text(detail: Mapping[str, Any] | None) -> str:
    """What an entry keeps besides, as pairs; what is a list or a table of its own stays as it is kept."""
    pairs = [
        f"{key}{pick('：', ': ')}{value if isinstance(value, str | int) else canonical_json(value)}"
        for key, value in (detail or {}).items()
        if value not in (None, "", [], {})
    ]
    return pick("；", "; ").join(pairs)
