"""Small diagrams for tests, written as lines: the XML around them is always the same."""

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:lodestar="http://lodestar.review/schema/bpmn" targetNamespace="http://lodestar.review/test">'
)


def diagram(key: str, body: str, *, messages: tuple[str, ...] = (), lanes: dict[str, str] | None = None) -> bytes:
    """A definition with one process. `lanes`: role -> node ids, separated by spaces."""
    named = "".join(f'<bpmn:message id="m_{name}" name="{name}"/>' for name in messages)
    drawn = "".join(
        f'<bpmn:lane id="{role}" name="{role}">'
        + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes.split())
        + "</bpmn:lane>"
        for role, nodes in (lanes or {}).items()
    )
    lane_set = f'<bpmn:laneSet id="lanes">{drawn}</bpmn:laneSet>' if drawn else ""
    process = f'<bpmn:process id="{key}" name="{key}" isExecutable="true">{lane_set}{body}</bpmn:process>'
    return f"{HEAD}{named}{process}</bpmn:definitions>".encode()


def flows(*pairs: str) -> str:
    """'a>b' draws a flow from a to b; 'a>b?expression' one with a condition."""
    drawn = []
    for number, pair in enumerate(pairs):
        path, _, condition = pair.partition("?")
        source, _, target = path.partition(">")
        inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        drawn.append(
            f'<bpmn:sequenceFlow id="f{number}_{source}_{target}" sourceRef="{source}" targetRef="{target}">'
            f"{inner}</bpmn:sequenceFlow>"
        )
    return "".join(drawn)


def start(node: str = "begin") -> str:
    return f'<bpmn:startEvent id="{node}"/>'


def end(node: str = "end") -> str:
    return f'<bpmn:endEvent id="{node}"/>'


def user(node: str, *, outcomes: str = "", attributes: str = "") -> str:
    listed = f' lodestar:outcomes="{outcomes}"' if outcomes else ""
    return f'<bpmn:userTask id="{node}" name="{node}"{listed} {attributes}/>'


def service(node: str, operation: str, *, attributes: str = "") -> str:
    return f'<bpmn:serviceTask id="{node}" name="{node}" lodestar:operation="{operation}" {attributes}/>'


def boundary_timer(node: str, *, attached_to: str, text: str, interrupting: bool = True) -> str:
    """A boundary timer; text 'P3D' a duration, 'R3/PT1H' a cycle."""
    tag = "timeCycle" if text.startswith("R") else "timeDuration"
    cancel = "true" if interrupting else "false"
    return (
        f'<bpmn:boundaryEvent id="{node}" attachedToRef="{attached_to}" cancelActivity="{cancel}">'
        f"<bpmn:timerEventDefinition><bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def stage_timer(node: str, *, stage: str, workdays: int = 0) -> str:
    """An intermediate timer that follows the end of a stage."""
    offset = f' lodestar:workdays="{workdays}"' if workdays else ""
    return (
        f'<bpmn:intermediateCatchEvent id="{node}"><bpmn:timerEventDefinition lodestar:stage="{stage}"{offset}/>'
        f"</bpmn:intermediateCatchEvent>"
    )


def pause(node: str, *, text: str) -> str:
    """An intermediate timer: a duration from the moment when the flow comes there."""
    return (
        f'<bpmn:intermediateCatchEvent id="{node}"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{text}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def catch(node: str, message: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{node}"><bpmn:messageEventDefinition messageRef="m_{message}"/>'
        f"</bpmn:intermediateCatchEvent>"
    )


def boundary_message(node: str, *, attached_to: str, message: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{node}" attachedToRef="{attached_to}">'
        f'<bpmn:messageEventDefinition messageRef="m_{message}"/></bpmn:boundaryEvent>'
    )


def throw(node: str, message: str, to: str) -> str:
    return (
        f'<bpmn:intermediateThrowEvent id="{node}" lodestar:to="{to}">'
        f'<bpmn:messageEventDefinition messageRef="m_{message}"/></bpmn:intermediateThrowEvent>'
    )


def gateway(node: str, *, kind: str = "exclusive", default: str = "") -> str:
    chosen = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{node}"{chosen}/>'


def set_call(node: str, *, called: str, collection: str, completion: str = "") -> str:
    condition = f"<bpmn:completionCondition>{completion}</bpmn:completionCondition>" if completion else ""
    return (
        f'<bpmn:callActivity id="{node}" name="{node}" calledElement="{called}" lodestar:collection="{collection}">'
        f"<bpmn:multiInstanceLoopCharacteristics>{condition}</bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
    )
