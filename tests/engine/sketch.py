"""Small diagrams for tests: `draw` wraps elements, `flows` writes 'a -> b' lines as sequence flows."""

from itertools import pairwise

from app.engine import Event, Step, compile_definition, start, step
from tests.engine.blocks import HEAD


def flows(*lines: str) -> str:
    """'a -> b -> c' chains; 'a -> b : condition' puts a condition on the flow. Ids are `a_b`."""
    drawn = []
    for line in lines:
        path, _, condition = line.partition(" : ")
        nodes = [node.strip() for node in path.split("->")]
        inner = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        drawn += [
            f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}">{inner}</sequenceFlow>'
            for a, b in pairwise(nodes)
        ]
    return "".join(drawn)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def draw(process: str, *, around: str = "", key: str = "p") -> bytes:
    return f'{HEAD}{around}<process id="{key}" isExecutable="true">{process}</process></definitions>'.encode()


def users(*ids: str) -> str:
    return "".join(f'<userTask id="{id_}"/>' for id_ in ids)


def timer(id_: str, host: str, *, interrupting: bool = True, text: str = "P1D") -> str:
    kind = "timeCycle" if text.startswith("R") else "timeDuration"
    cancel = "true" if interrupting else "false"
    return (
        f'<boundaryEvent id="{id_}" attachedToRef="{host}" cancelActivity="{cancel}">'
        f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition></boundaryEvent>"
    )


class Walk:
    """An instance walked by hand: `walk.done("node")`, `walk.complete("task", "approve")`."""

    def __init__(self, xml: bytes, **variables: object):
        self.definition = compile_definition(xml)
        self.now: Step = start(self.definition, variables)

    def fire(self, event: Event) -> Step:
        self.now = step(self.definition, self.now.state, event, self.now.variables)
        return self.now

    def complete(self, node: str, outcome: str | None = None, **values: object) -> Step:
        return self.fire(Event("complete", node, values if outcome is None else {"outcome": outcome, **values}))

    def done(self, node: str, *, again: bool = False, **values: object) -> Step:
        return self.fire(Event("done", node, values, again=again))

    def error(self, node: str, code: str) -> Step:
        return self.fire(Event("error", node, error_code=code))
