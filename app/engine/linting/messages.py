"""The sentences of the linter and of exploration, one per rule. `{it}` is the element's name, or its id without one."""

from typing import Literal

from app.engine.window import Finding

_ERRORS = {
    # reading
    "missing_id": ("“{it}”没有编号（id）。", "An element of type {tag} has no id."),
    "bad_id": ("编号“{id}”不可用，请改用以字母开头的编号。", "The id '{id}' cannot be used; begin with a letter and use letters, digits, - . _"),
    "duplicate_id": ("编号“{id}”重复使用。", "The id '{id}' is used more than once."),
    "too_many_nodes": ("流程节点超过{limit}个，请拆分。", "The process has more than {limit} nodes; split it."),
    "unsupported": ("“{it}”：不支持的元素{tag}。", "'{it}': {tag} is not supported."),
    "unsupported_event": ("“{it}”：此处不支持{event}事件。", "'{it}': {event} events are not supported here."),
    "several_events": ("“{it}”只能有一个事件定义。", "'{it}' may have only one event definition."),
    "loop_marker": ("“{it}”：只有调用活动可以设置多实例。", "'{it}': only call activities may be multi-instance."),
    # structure
    "no_start": ("“{it}”没有开始事件。", "'{it}' has no start event."),
    "several_starts": ("“{it}”：只能有一个开始事件。", "'{it}': there may be only one start event."),
    "flow_source": ("顺序流“{id}”的起点“{other}”不存在。", "The source '{other}' of the flow '{id}' does not exist."),
    "flow_target": ("顺序流“{id}”的终点“{other}”不存在。", "The target '{other}' of the flow '{id}' does not exist."),
    "flow_crosses": ("顺序流“{id}”不能跨越子流程边界。", "The flow '{id}' crosses the border of a sub-process."),
    "flow_into_start": ("“{it}”不能有进入的顺序流。", "No flow may lead into '{it}'."),
    "flow_from_end": ("“{it}”不能有离开的顺序流。", "No flow may leave '{it}'."),
    "implicit_split": ("“{it}”有多条离开的顺序流，请使用网关。", "More than one flow leaves '{it}'; use a gateway."),
    "condition_place": ("“{it}”的顺序流不能带条件，条件只能放在网关之后。", "A flow leaving '{it}' has a condition; only those of gateways may."),
    "condition_empty": ("网关“{it}”的顺序流“{flow}”缺少条件。", "The flow '{flow}' of the gateway '{it}' needs a condition."),
    "default_flow": ("网关“{it}”的默认流“{flow}”不存在。", "The default flow '{flow}' of the gateway '{it}' does not exist."),
    "no_default": ("网关“{it}”没有默认流，且条件可能全部不成立。", "The gateway '{it}' has no default flow, and all its conditions may fail."),
    "gateway_no_exit": ("网关“{it}”没有离开的顺序流。", "No flow leaves the gateway '{it}'."),
    "event_gateway": ("事件网关“{it}”之后只能是只由它进入的定时、消息捕获事件或接收任务。", "Behind the event gateway '{it}' only timer and message catches that nothing else leads to may stand."),
    "boundary_host": ("边界事件“{it}”附着的活动“{other}”不存在。", "The boundary event '{it}' is attached to '{other}', which is no activity here."),
    "boundary_no_event": ("边界事件“{it}”没有事件定义。", "The boundary event '{it}' has no event definition."),
    "error_interrupts": ("错误边界事件“{it}”必须中断活动。", "The error boundary event '{it}' must interrupt."),
    "unreachable": ("从开始事件无法到达“{it}”。", "'{it}' cannot be reached from the start."),
    "no_way_out": ("从“{it}”无法到达结束。", "No end can be reached from '{it}'."),
    "automatic_cycle": ("“{it}”处于没有等待节点的循环中，将无休止执行。", "'{it}' lies on a loop in which nothing waits; it would never end."),
    "join_feeds_itself": ("汇聚网关“{it}”的一个入口只能经由其自身到达。", "An input of the join '{it}' can be reached only through itself."),
    "join_twice": ("从“{other}”到汇聚网关“{it}”有多条顺序流。", "More than one flow leads from '{other}' to the join '{it}'."),
    "lane_ref": ("泳道“{it}”引用的节点“{other}”不存在。", "The lane '{it}' refers to '{other}', which does not exist."),
    "pointer": ("“{it}”引用的“{other}”不存在。", "'{it}' refers to '{other}', which does not exist."),
    # content
    "expression": ("“{it}”的表达式有误：{text}", "'{it}' has a faulty expression: {text}"),
    "foreign_expression": ("“{it}”的表达式“{text}”是其他工具的写法，请改为不带$、{{}}和开头等号的形式，例如 outcome == \"approve\"。", "The expression '{text}' at '{it}' is written as other tools do; write it without $, {{}} and leading '=', e.g. outcome == \"approve\"."),
    "script": ("脚本任务“{it}”有误：{text}", "The script task '{it}' is faulty: {text}"),
    "parallel_write": ("并行分支上的“{it}”与“{other}”写入同一变量“{text}”。", "'{it}' and '{other}' on parallel branches write the same variable '{text}'."),
    "timer": ("“{it}”的时间设定有误：{text}", "'{it}' has a faulty time: {text}"),
    "no_timer": ("“{it}”没有设定时间。", "'{it}' does not say when."),
    "no_message": ("“{it}”没有指定消息。", "'{it}' names no message."),
    "message_ref": ("“{it}”引用的消息“{other}”不存在或没有名称。", "'{it}' refers to the message '{other}', which does not exist or has no name."),
    "event_ref": ("“{it}”引用的“{other}”不存在。", "'{it}' refers to '{other}', which does not exist."),
    "message_target": ("“{it}”的发送对象应为round、panel或subject。", "'{it}' must be thrown to round, panel or subject."),
    "no_operation": ("服务任务“{it}”没有指定操作。", "The service task '{it}' names no operation."),
    "no_decision": ("业务规则任务“{it}”没有指定决策表。", "The business rule task '{it}' names no decision table."),
    "no_called": ("调用活动“{it}”没有指定流程。", "The call activity '{it}' names no process."),
    "calls_itself": ("调用活动“{it}”调用了自身所在的流程。", "The call activity '{it}' calls its own process."),
    "no_collection": ("多实例调用活动“{it}”没有指定集合。", "The multi-instance call activity '{it}' names no collection."),
    "outcome": ("“{it}”的办理结果有误：{text}", "'{it}' has a faulty outcome: {text}"),
    "not_by": ("“{it}”的回避节点“{other}”不是用户任务。", "'{it}' names '{other}' in notBy, which is no user task."),
    "attribute": ("“{it}”的属性{text}的值有误。", "'{it}' has a faulty value in {text}."),
    "unknown_outcome": ("“{it}”比较的办理结果“{other}”不存在于此前的任务。", "'{it}' compares with the outcome '{other}', which no task before it has."),
    "outcome_without_completion": ("“{it}”读取办理结果（outcome），但走到这里的一步没有人办理。", "'{it}' reads the outcome, but the step that leads here was started by nobody's completion."),
    "outcome_written": ("脚本任务“{it}”不能写入outcome，它只属于办理人的那一步。", "The script task '{it}' may not write outcome; it belongs to the step of the person who completes."),
    "completion_variable": ("多实例调用活动“{it}”的完成条件只能读取open、total、done、expired，不能读取“{other}”。", "The completion condition of '{it}' may read open, total, done and expired only, not '{other}'."),
    "several_times": ("“{it}”只能有一种时间设定。", "'{it}' may say when in one way only."),
    "lane_twice": ("节点“{it}”位于多个泳道中，无法确定办理角色。", "'{it}' lies in more than one lane; whose work it is cannot be told."),
    "calls_in_circle": ("调用活动“{it}”调用的流程“{other}”又会调用本流程，将永远不会结束。", "The call activity '{it}' calls '{other}', which calls this process again; it would never end."),
    # references
    "unknown_role": ("泳道“{it}”不是系统中的角色。", "The lane '{it}' is no role."),
    "unknown_form": ("“{it}”使用的表单“{other}”不存在。", "'{it}' uses the form '{other}', which does not exist."),
    "unknown_field": ("“{it}”要求填写的字段“{other}”不在其表单中。", "'{it}' requires the field '{other}', which its form lacks."),
    "unknown_operation": ("“{it}”使用的操作“{other}”不存在。", "'{it}' uses the operation '{other}', which does not exist."),
    "unknown_collection": ("“{it}”使用的集合“{other}”不存在。", "'{it}' uses the collection '{other}', which does not exist."),
    "unknown_process": ("“{it}”调用的流程“{other}”不存在。", "'{it}' calls the process '{other}', which does not exist."),
    "unknown_decision": ("“{it}”使用的决策表“{other}”不存在。", "'{it}' uses the decision table '{other}', which does not exist."),
    "unknown_stage": ("“{it}”使用的阶段“{other}”不存在。", "'{it}' uses the stage '{other}', which does not exist."),
    # exploration
    "deadlock": ("流程会停在“{it}”，无法继续。", "The process can stop for ever at '{it}'."),
    "cannot_finish": ("到达“{it}”后流程可能永远无法结束。", "Once at '{it}' the process can never finish."),
    "active_twice": ("“{it}”可能同时被激活两次。", "'{it}' can be active twice at once."),
    "never_reached": ("任何情况下都不会到达“{it}”。", "Nothing ever leads to '{it}'."),
    "automatic_loop": ("流程会在“{it}”无休止地循环。", "The process can loop for ever at '{it}'."),
    "no_condition": ("网关“{it}”的条件可能全部不成立。", "All conditions of the gateway '{it}' may fail."),
    "uncaught_error": ("“{it}”抛出的错误没有被捕获。", "Nothing catches the error thrown in '{it}'."),
    "step_failed": ("办理“{it}”后流程无法执行。", "The process fails after '{it}'."),
}  # fmt: skip
_WARNINGS = {
    "no_end": ("“{it}”之后没有结束事件。", "The path ends at '{it}' without an end event."),
    "no_lane": ("用户任务“{it}”不在任何泳道中，将交由流程设计员办理。", "The user task '{it}' lies in no lane; it goes to the designer."),
    "default_condition": ("默认流“{it}”的条件不起作用。", "The condition on the default flow '{it}' has no effect."),
    "outcome_unread": ("没有条件读取“{it}”的办理结果。", "No condition reads the outcome of '{it}'."),
    "outcome_of_nobody": ("“{it}”读取的“{other}”不是本流程任务的办理结果。", "'{it}' reads '{other}', which is the outcome of no task here."),
    "cycle_once": ("“{it}”：重复定时只在非中断边界事件上有效，此处只触发一次。", "'{it}': a repeating timer repeats only as a non-interrupting boundary event; here it fires once."),
    "ignored": ("“{it}”：元素{tag}不参与执行。", "'{it}': {tag} is not executed."),
    "unknown_attribute": ("“{it}”：未知属性{text}。", "'{it}': unknown attribute {text}."),
    "foreign_extension": ("“{it}”带有其他工具的扩展（{text}），本系统保留但不使用。", "'{it}' carries extensions of another tool ({text}): kept, but not used."),
    "unsupplied_variable": ("“{it}”读取变量“{other}”，但没有表单、操作、脚本或上级流程提供它。", "'{it}' reads the variable '{other}', which no form, operation, script or calling process supplies."),
    "message_unthrown": ("“{it}”等待的消息“{other}”没有任何流程或功能发出。", "'{it}' waits for the message '{other}', which nothing throws."),
    "message_uncaught": ("“{it}”发出的消息“{other}”没有任何流程接收。", "'{it}' throws the message '{other}', which no process catches."),
    "broadcast_missed": ("“{it}”可能错过消息“{other}”：流程“{process}”只发给当时已开始的同一对象的流程。", "'{it}' can miss the message '{other}': '{process}' throws it to the subject, so it reaches only processes that have begun by then."),
    "call_variables": ("调用活动“{it}”调用的流程“{other}”读取变量{text}，但调用时没有提供。", "'{it}' calls the process '{other}', which reads {text}; nothing supplies that."),
    "thrown_in_vain": ("“{it}”抛出的错误或升级没有任何边界事件接收。", "Nothing catches the error or escalation thrown by '{it}'."),
    "foreign_script": ("脚本任务“{it}”标明的语言{text}不起作用，脚本按赋值语句执行。", "The script task '{it}' says its language is {text}; it is run as assignments all the same."),
    "loop_detail": ("多实例调用活动“{it}”的设定{text}不起作用。", "'{it}': {text} of the multi-instance marker has no effect."),
    "misplaced": ("“{it}”的属性{text}对这类元素不起作用。", "'{it}': {text} has no effect on an element of this type."),
    "drawing": ("图形“{id}”所画的元素“{other}”不存在。", "The shape '{id}' draws '{other}', which does not exist."),
    "not_proven": ("状态过多，未能全部验证（已验证{states}个）。", "Too many states to prove all of them ({states} were seen)."),
}  # fmt: skip


def finding(rule: str, element_id: str, name: str = "", *, path: tuple[str, ...] = (), **params: object) -> Finding:
    """The finding of a rule at an element."""
    severity: Literal["error", "warning"] = "error" if rule in _ERRORS else "warning"
    zh, en = _ERRORS.get(rule) or _WARNINGS[rule]
    values = {"it": name or element_id, "id": element_id, **params}
    return Finding(rule, zh.format(**values), en.format(**values), element_id, name, severity, path)
