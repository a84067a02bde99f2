"""Words for what changed between two versions and for what stands in the way of a move, in Chinese and English."""

from collections.abc import Mapping

from app.engine.versions.diff import Change
from app.engine.versions.mapping import Obstacle
from app.web.words import Words

OBSTACLES = Words(
    {
        "node_removed": (
            "“{node}”在新版中已删除，请选择转到哪个环节。",
            "“{node}” is gone in the new version; choose where its cases go.",
        ),
        "kind_changed": (
            "“{node}”在新版中换了类型，请选择转到哪个环节。",
            "“{node}” is of another kind in the new version; choose where its cases go.",
        ),
        "target_unknown": (
            "为“{node}”所选的环节不能停留，请另选。",
            "No case can wait at the step chosen for “{node}”; choose another.",
        ),
        "target_acts": (
            "为“{node}”所选的环节由系统自动执行，请改选由人办理或等待事件的环节。",
            "The step chosen for “{node}” is done by the system; choose one that waits for somebody or something.",
        ),
        "active_twice": (
            "“{node}”与另一并行环节会落在同一环节，请另选。",
            "“{node}” and a parallel step would fall together; choose another.",
        ),
        "join_changed": (
            "无法判断已到达汇聚“{node}”的分支在新版中是哪一支，留在原版本。",
            "Which branch has arrived at the join “{node}” cannot be told in the new version; these cases stay.",
        ),
        "nothing_left": ("所选转向使事项没有任何环节，请另选。", "Nothing of the case would be left; choose another."),
        "not_reachable": (
            "新版流程不会出现这种办理进度，留在原版本。",
            "The new version never comes to this stand; these cases stay.",
        ),
        "not_proven": (
            "新版状态过多，未能在限额内全部走查，无法证明会出现这种办理进度，留在原版本；可待办到下一环节后再迁移。",
            "Too many states to see whether the new version comes to this stand; move these cases when they have gone on.",
        ),
        "starting": (
            "刚刚成批发起，系统尚未走完第一步，稍后可再迁移。",
            "These cases have just been started as a set; they can move once the system has taken their first step.",
        ),
        "call_closed": (
            "已关闭的下级事项无法恢复，留在新版本。",
            "Cases below that were closed cannot be called back.",
        ),
    }
)
CHANGES = Words(
    {
        "added": ("新增", "Added"),
        "removed": ("删除", "Removed"),
        "changed": ("修改", "Changed"),
    }
)
VERDICTS = Words({
    "move": ("随新版办理", "Moves"), "stay": ("留在原版本", "Stays"), "choice": ("需要选择", "Needs a choice"),
})  # fmt: skip
FIELDS = Words({
    "name": ("名称", "name"), "kind": ("类型", "kind"), "event": ("事件", "event"), "role": ("办理角色", "role"),
    "scope": ("所在子流程", "sub-process"), "default": ("默认走向", "default flow"), "script": ("赋值脚本", "script"),
    "attached_to": ("附着环节", "attached to"), "form": ("表单", "form"), "outcomes": ("办理结果", "outcomes"),
    "due_workdays": ("办理期限（工作日）", "due (working days)"), "due_in": ("办理期限（时长）", "due (duration)"),
    "stage": ("所属阶段", "stage"), "not_by": ("回避节点（四眼）", "not by (four eyes)"), "priority": ("优先级", "priority"),
    "operation": ("系统操作", "operation"), "inputs": ("操作参数", "inputs"), "job": ("后台执行", "in the background"),
    "called": ("被调流程", "called process"), "collection": ("集合", "collection"),
    "completion": ("完成条件", "completion condition"), "decision": ("决策表", "decision table"),
    "message": ("消息名称", "message"), "to": ("发送对象", "thrown to"), "timer": ("定时", "timer"),
    "interrupting": ("到时中断", "interrupting"), "condition": ("条件", "condition"),
})  # fmt: skip
TAGS = Words({
    "userTask": ("用户任务", "user task"), "task": ("任务", "task"), "manualTask": ("人工任务", "manual task"),
    "serviceTask": ("系统任务", "service task"), "scriptTask": ("赋值脚本", "script task"),
    "businessRuleTask": ("决策任务", "business rule task"), "sendTask": ("发送任务", "send task"),
    "receiveTask": ("接收任务", "receive task"), "callActivity": ("调用活动", "call activity"),
    "subProcess": ("子流程", "sub-process"), "exclusiveGateway": ("排他网关", "exclusive gateway"),
    "parallelGateway": ("并行网关", "parallel gateway"), "inclusiveGateway": ("包容网关", "inclusive gateway"),
    "eventBasedGateway": ("事件网关", "event gateway"), "startEvent": ("开始事件", "start event"),
    "endEvent": ("结束事件", "end event"), "intermediateCatchEvent": ("等待事件", "catch event"),
    "intermediateThrowEvent": ("发出事件", "throw event"), "boundaryEvent": ("边界事件", "boundary event"),
    "sequenceFlow": ("顺序流", "flow"),
})  # fmt: skip


def obstacle_words(obstacle: Obstacle, names: Mapping[str, str]) -> tuple[str, str]:
    """What stands in the way and what can be done, in Chinese and English; `names`: those of the old version's nodes."""
    node = names.get(obstacle.node) or obstacle.node
    return OBSTACLES(obstacle.code, "zh").format(node=node), OBSTACLES(obstacle.code, "en").format(node=node)


def change_name(change: Change, names: Mapping[str, str]) -> str:
    """What a changed element is called; a flow without name by what it joins."""
    if change.name or change.tag != "sequenceFlow":
        return change.name or change.element_id
    way = next(detail for detail in change.details if detail.field == "way")
    return " → ".join(names.get(end or "") or end or "" for end in (way.before, way.after))
