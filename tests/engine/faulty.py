"""Random block-structured processes, and the same with a few faults: the corpus on which proofs are compared."""

import re
from random import Random

from tests.engine.blocks import Drawing, Grammar
from tests.engine.test_blocks import KINDS

JOINS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


def process(seed: int) -> bytes:
    """A random process, into which up to three faults are put."""
    random = Random(seed)
    grammar = Grammar(random, random.choice((KINDS, ("and", "xor", "loop"), ("and", "boundary", "sub"), ("or", "and"))))
    depth = random.choice((1, 1, 2))
    xml = Drawing(grammar.make_and(depth) if random.random() < 0.7 else grammar.sequence(depth)).xml.decode()
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        xml = random.choice(FAULTS)(xml, random)
    return xml.encode()


def retype(xml: str, random: Random) -> str:
    """A gateway becomes one of another kind: joins that wait in vain, merges that pass twice."""
    found = re.findall(r'<(\w+Gateway) id="(\w+)"/>', xml)
    if not found:
        return xml
    tag, id_ = random.choice(found)
    return xml.replace(f'<{tag} id="{id_}"/>', f'<{random.choice(JOINS)} id="{id_}"/>')


def unjoin(xml: str, random: Random) -> str:
    """A parallel join lets every branch pass by itself."""
    joins = re.findall(r'<parallelGateway id="(\w+_j)"/>', xml)
    if not joins:
        return xml
    join = random.choice(joins)
    return xml.replace(f'<parallelGateway id="{join}"/>', f'<exclusiveGateway id="{join}"/>')


def retarget(xml: str, random: Random) -> str:
    """A flow leads elsewhere in its scope."""
    flows = re.findall(r'<sequenceFlow id="\w+" sourceRef="\w+" targetRef="\w+">', xml)
    nodes = re.findall(
        r'<(?:userTask|serviceTask|receiveTask|exclusiveGateway|endEvent)\b[^>]* id="(\w+)"|<\w+ id="(\w+)"', xml
    )
    targets = [one or other for one, other in nodes if not (one or other).startswith(("f", "m_"))]
    flow = random.choice(flows)
    return xml.replace(flow, re.sub(r'targetRef="\w+"', f'targetRef="{random.choice(targets)}"', flow))


def terminate(xml: str, random: Random) -> str:
    """An end event ends everything in its scope."""
    end = random.choice(re.findall(r'<endEvent id="\w+"(?:/>|>)', xml))
    if not end.endswith("/>"):
        return xml
    return xml.replace(end, end[:-2] + "><terminateEventDefinition/></endEvent>")


def throw(xml: str, random: Random) -> str:
    """An end event throws an error or an escalation, which a sub-process around it may catch."""
    kind = random.choice(("error", "escalation"))
    end = random.choice(re.findall(r'<endEvent id="\w+"(?:/>|>)', xml))
    if not end.endswith("/>"):
        return xml
    xml = xml.replace(end, end[:-2] + f"><{kind}EventDefinition/></endEvent>")
    subs = re.findall(r'<subProcess id="(\w+)">', xml)
    if not subs:
        return xml
    return _attach(
        xml,
        random.choice(subs),
        f"<{kind}EventDefinition/>",
        random,
        interrupting=kind == "error" or random.random() < 0.5,
    )


def repeat(xml: str, _random: Random) -> str:
    """Reminders go on and on."""
    return xml.replace("timeDuration>P1D</timeDuration", "timeCycle>R/P1D</timeCycle", 1)


def detach(xml: str, random: Random) -> str:
    """A timer at some activity starts a branch of its own, or puts an end to the activity."""
    hosts = re.findall(r'<(?:userTask|serviceTask|receiveTask|subProcess) id="(\w+)"', xml)
    if not hosts:
        return xml
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    return _attach(xml, random.choice(hosts), timer, random, interrupting=random.random() < 0.5)


def decide_for_ever(xml: str, random: Random) -> str:
    """A condition always or never holds: branches that nothing reaches, loops that are never left."""
    conditions = re.findall(r"<conditionExpression>[^<]*</conditionExpression>", xml)
    if not conditions:
        return xml
    truth = random.choice(("1 &lt; 2", "1 &gt; 2"))
    return xml.replace(random.choice(conditions), f"<conditionExpression>{truth}</conditionExpression>")


def trap(xml: str, random: Random) -> str:
    """A flow leads into a task that is done again and again, with no way out: what stands there never finishes."""
    flow = random.choice(re.findall(r'<sequenceFlow id="\w+" sourceRef="\w+" targetRef="\w+">', xml))
    target = re.search(r'targetRef="(\w+)"', flow)[1]
    id_ = f"y{random.randrange(10**6)}"
    drawn = (
        f'<exclusiveGateway id="{id_}"/><userTask id="{id_}_t"/><exclusiveGateway id="{id_}_g" default="{id_}_b"/>'
        f'<sequenceFlow id="{id_}_f" sourceRef="{id_}" targetRef="{id_}_t"/>'
        f'<sequenceFlow id="{id_}_a" sourceRef="{id_}_t" targetRef="{id_}_g"/>'
        f'<sequenceFlow id="{id_}_b" sourceRef="{id_}_g" targetRef="{id_}"/>'
        f'<sequenceFlow id="{id_}_o" sourceRef="{id_}_g" targetRef="{target}">'
        "<conditionExpression>1 &gt; 2</conditionExpression></sequenceFlow>"
    )
    return xml.replace(flow, drawn + flow.replace(f'targetRef="{target}"', f'targetRef="{id_}"'))


FAULTS = (retype, unjoin, retarget, terminate, throw, repeat, detach, decide_for_ever, trap)


def _attach(xml: str, host: str, event: str, random: Random, *, interrupting: bool) -> str:
    id_ = f"x{random.randrange(10**6)}"
    drawn = (
        f'<boundaryEvent id="{id_}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">{event}'
        f'</boundaryEvent><userTask id="{id_}_t"/><endEvent id="{id_}_e"/>'
        f'<sequenceFlow id="{id_}_f" sourceRef="{id_}" targetRef="{id_}_t"/>'
        f'<sequenceFlow id="{id_}_g" sourceRef="{id_}_t" targetRef="{id_}_e"/>'
    )
    place = re.search(rf'<\w+ id="{host}"', xml)
    return xml[: place.start()] + drawn + xml[place.start() :]
