"""A grammar of well-structured processes: random block trees, and their drawing as BPMN."""

from dataclasses import dataclass, field
from itertools import count
from random import Random

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:lodestar="http://lodestar.review/schema/bpmn">'
)
LEAVES = ("user", "service", "receive", "timer")


@dataclass
class Block:
    """kind: leaf, seq, xor, and, or, loop, choice, boundary, sub."""

    kind: str
    id: str
    parts: list["Block"] = field(default_factory=list)
    leaf: str = ""
    interrupting: bool = True
    guard: str = ""

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


class Grammar:
    """Draws random blocks; `kinds` limits what they are made of."""

    def __init__(self, random: Random, kinds: tuple[str, ...]):
        self.random, self.kinds, self._serial = random, kinds, count(1)

    def name(self, letter: str) -> str:
        return f"{letter}{next(self._serial)}"

    def leaf(self) -> Block:
        return Block("leaf", self.name("n"), leaf=self.random.choice(LEAVES))

    def sequence(self, depth: int) -> Block:
        return Block("seq", self.name("q"), [self.block(depth) for _ in range(self.random.randint(1, 2))])

    def block(self, depth: int) -> Block:
        if depth <= 0 or self.random.random() < 0.3:
            return self.leaf()
        return getattr(self, "make_" + self.random.choice(self.kinds))(depth - 1)

    def branches(self, depth: int, kind: str) -> Block:
        parts = [self.sequence(depth) for _ in range(self.random.randint(2, 3))]
        if self.random.random() < 0.2:
            parts[0] = Block("seq", self.name("q"))
        return Block(kind, self.name("g"), parts)

    def make_xor(self, depth: int) -> Block:
        return self.branches(depth, "xor")

    def make_and(self, depth: int) -> Block:
        return self.branches(depth, "and")

    def make_or(self, depth: int) -> Block:
        return self.branches(depth, "or")

    def make_loop(self, depth: int) -> Block:
        body = self.sequence(depth)
        body.parts.insert(0, Block("leaf", self.name("n"), leaf=self.random.choice(("user", "receive", "timer"))))
        return Block("loop", self.name("l"), [body])

    def make_choice(self, depth: int) -> Block:
        parts = []
        for _ in range(2):
            part = self.sequence(depth)
            first = self.leaf()
            first.leaf = self.random.choice(("timer", "receive"))
            part.parts.insert(0, first)
            parts.append(part)
        return Block("choice", self.name("c"), parts)

    def make_sub(self, depth: int) -> Block:
        return Block("sub", self.name("s"), [self.sequence(depth)])

    def make_boundary(self, depth: int) -> Block:
        activity = self.make_sub(depth) if "sub" in self.kinds and self.random.random() < 0.5 else self.leaf()
        if activity.leaf == "timer":  # boundary events sit on activities, a timer is an event
            activity.leaf = "user"
        return Block(
            "boundary",
            self.name("b"),
            [activity, self.sequence(depth)],
            leaf=self.random.choice(("timer", "message")),
            interrupting=self.random.random() < 0.6,
        )


def random_values(block: Block, random: Random) -> dict[str, object]:
    """A value for every variable that the gateways of the process read."""
    values: dict[str, object] = {}
    for part in block.walk():
        if part.kind == "xor":
            values[part.id] = random.randrange(len(part.parts))
        elif part.kind == "loop":
            values[part.id] = random.random() < 0.4
        elif part.kind == "or":
            values |= {f"{part.id}_{index}": random.random() < 0.5 for index in range(len(part.parts) - 1)}
    return values


class Drawing:
    """The BPMN of a block."""

    def __init__(self, block: Block):
        self.lines: list[str] = []
        self._serial = count(1)
        self.messages: list[str] = []
        self._scope(block)
        body = "".join(self.lines)
        messages = "".join(f'<message id="m_{name}" name="{name}"/>' for name in self.messages)
        self.xml = f'{HEAD}{messages}<process id="p" isExecutable="true">{body}</process></definitions>'.encode()

    def _scope(self, block: Block) -> None:
        number = next(self._serial)
        start, end = f"start{number}", f"end{number}"
        self.lines += [f'<startEvent id="{start}"/>', f'<endEvent id="{end}"/>']
        last = self.draw(block, (start, ""))
        self._flow(last, end)

    def _flow(self, source: tuple[str, str], target: str) -> str:
        id_ = f"f{next(self._serial)}"
        condition = f"<conditionExpression>{source[1]}</conditionExpression>" if source[1] else ""
        self.lines.append(
            f'<sequenceFlow id="{id_}" sourceRef="{source[0]}" targetRef="{target}">{condition}</sequenceFlow>'
        )
        return id_

    def draw(self, block: Block, source: tuple[str, str]) -> tuple[str, str]:
        """Draws the block behind `source` (node, condition of the flow that leads here); answers what comes last."""
        return getattr(self, f"_draw_{block.kind}")(block, source)

    def _draw_seq(self, block, source):
        for part in block.parts:
            source = self.draw(part, source)
        return source

    def _draw_leaf(self, block, source):
        name = block.id
        if block.leaf == "user":
            self.lines.append(f'<userTask id="{name}"/>')
        elif block.leaf == "service":
            self.lines.append(f'<serviceTask id="{name}" lodestar:operation="a.{name}"/>')
        elif block.leaf == "receive":
            self.messages.append(name)
            self.lines.append(f'<receiveTask id="{name}" messageRef="m_{name}"/>')
        else:
            timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
            self.lines.append(f'<intermediateCatchEvent id="{name}">{timer}</intermediateCatchEvent>')
        self._flow(source, name)
        return name, ""

    def _gateway(self, block, source, tag, conditions):
        split, join = block.id, block.id + "_j"
        self._flow(source, split)
        last = None
        self.lines.append(f'<{tag} id="{join}"/>')
        for part, condition in zip(block.parts, conditions, strict=True):
            before = len(self.lines)
            self._flow(self.draw(part, (split, condition)), join)
            if condition == "" and tag != "parallelGateway":
                last = next(line for line in self.lines[before:] if f'sourceRef="{split}"' in line).split('"')[1]
        default = f' default="{last}"' if last else ""
        self.lines.append(f'<{tag} id="{split}"{default}/>')
        return join, ""

    def _draw_xor(self, block, source):
        conditions = [f"{block.id} == {index}" for index in range(len(block.parts) - 1)]
        return self._gateway(block, source, "exclusiveGateway", [*conditions, ""])

    def _draw_or(self, block, source):
        conditions = [f"{block.id}_{index}" for index in range(len(block.parts) - 1)]
        return self._gateway(block, source, "inclusiveGateway", [*conditions, ""])

    def _draw_and(self, block, source):
        return self._gateway(block, source, "parallelGateway", [""] * len(block.parts))

    def _draw_loop(self, block, source):
        merge, split = block.id, block.id + "_x"
        self.lines.append(f'<exclusiveGateway id="{merge}"/>')
        self._flow(source, merge)
        self._flow(self.draw(block.parts[0], (merge, "")), split)
        self._flow((split, block.id), merge)
        after = block.id + "_after"
        default = self._flow((split, ""), after)
        self.lines += [f'<exclusiveGateway id="{split}" default="{default}"/>', f'<exclusiveGateway id="{after}"/>']
        return after, ""

    def _draw_choice(self, block, source):
        merge = block.id + "_m"
        self.lines += [f'<eventBasedGateway id="{block.id}"/>', f'<exclusiveGateway id="{merge}"/>']
        self._flow(source, block.id)
        for part in block.parts:
            self._flow(self.draw(part, (block.id, "")), merge)
        return merge, ""

    def _draw_sub(self, block, source):
        self._flow(source, block.id)
        self.lines.append(f'<subProcess id="{block.id}">')
        self._scope(block.parts[0])
        self.lines.append("</subProcess>")
        return block.id, ""

    def _draw_boundary(self, block, source):
        activity, handler = block.parts
        last = self.draw(activity, source)
        if block.leaf == "timer":
            event = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
        else:
            self.messages.append(block.id)
            event = f'<messageEventDefinition messageRef="m_{block.id}"/>'
        cancel = "true" if block.interrupting else "false"
        self.lines.append(
            f'<boundaryEvent id="{block.id}" attachedToRef="{activity.id}" cancelActivity="{cancel}">{event}</boundaryEvent>'
        )
        after = self.draw(handler, (block.id, ""))
        if block.interrupting:
            merge = block.id + "_m"
            self.lines.append(f'<exclusiveGateway id="{merge}"/>')
            self._flow(last, merge)
            self._flow(after, merge)
            return merge, ""
        end = block.id + "_e"
        self.lines.append(f'<endEvent id="{end}"/>')
        self._flow(after, end)
        return last
