"""Reading a BPMN file: a hardened parser, and the model as plain values that the linter and the lowering share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from lxml import etree

from app.engine.window import DefinitionRefusedError, Finding

Item = TypeVar("Item")
MAX_BYTES = 1_048_576
MAX_XML_DEPTH = 100
MAX_XML_ELEMENTS = 50_000
ENCODINGS = frozenset(
    {"UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "ASCII", "US-ASCII", "ISO-8859-1", "WINDOWS-1252"}
    | {"GB18030", "GBK", "GB2312"}
)
"""Others are known for hiding markup from whoever looks at the bytes (UTF-7), or from nobody's editor."""
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LODESTAR = "{http://lodestar.review/schema/bpmn}"
OTHER_NODES = frozenset({"transaction", "adHocSubProcess", "complexGateway", "subChoreography", "callChoreography"})
TASKS = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "scriptTask"}
)
ACTIVITIES = TASKS | {"callActivity", "subProcess", "transaction", "adHocSubProcess"}
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS | OTHER_NODES


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is None without a condition element, and '' with an empty one."""

    id: str
    name: str
    source: str
    target: str
    scope: str
    condition: str | None = None


@dataclass(frozen=True)
class Element:
    """A flow node as drawn: `tag` without namespace, `scope` the id of the process or sub-process that holds it."""

    id: str
    tag: str
    name: str
    scope: str
    xml: etree._Element

    @cached_property
    def events(self) -> tuple[etree._Element, ...]:
        """Its event definitions."""
        return tuple(child for child in self.xml if local(child).endswith("EventDefinition"))

    @cached_property
    def event(self) -> str:
        """What kind of event: 'none', 'timer', 'message', …, or 'several'."""
        if not self.events:
            return "none"
        return local(self.events[0]).removesuffix("EventDefinition") if len(self.events) == 1 else "several"

    @property
    def attached_to(self) -> str | None:
        return self.xml.get("attachedToRef") if self.tag == "boundaryEvent" else None

    @property
    def interrupting(self) -> bool:
        return is_true(self.xml.get("cancelActivity"), default=True)

    @property
    def loop(self) -> etree._Element | None:
        """Its multi-instance marker."""
        return self.xml.find(f"{BPMN}multiInstanceLoopCharacteristics")

    def attribute(self, name: str) -> str | None:
        """A lodestar attribute, None when absent or blank."""
        return (self.xml.get(LODESTAR + name) or "").strip() or None

    def extensions(self, name: str) -> list[etree._Element]:
        """Its lodestar extension elements of a name, wherever the editor put them."""
        holder = self.xml.find(f"{BPMN}extensionElements")
        return [*self.xml.findall(LODESTAR + name), *([] if holder is None else holder.findall(LODESTAR + name))]

    def text(self, name: str) -> str | None:
        """The text of a BPMN child element, None when there is no such child."""
        child = self.xml.find(BPMN + name)
        return None if child is None else "".join(map(str, child.itertext())).strip()


@dataclass(frozen=True)
class Diagram:
    """The one executable process of a file, in document order, with all its embedded sub-processes."""

    root: etree._Element
    process: etree._Element
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    lanes: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.process.get("id") or ""

    @property
    def name(self) -> str:
        return self.process.get("name") or self.key

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        return self._grouped((flow.source, flow) for flow in self.flows)

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        return self._grouped((flow.target, flow) for flow in self.flows)

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[Element, ...]]:
        """The boundary events of each activity."""
        return self._grouped((element.attached_to or "", element) for element in self.elements.values())

    def _grouped(self, pairs: Iterable[tuple[str, Item]]) -> Mapping[str, tuple[Item, ...]]:
        found: dict[str, list[Item]] = {id_: [] for id_ in self.elements}
        for id_, item in pairs:
            if id_ in found:
                found[id_].append(item)
        return {id_: tuple(items) for id_, items in found.items()}

    def inside(self, scope: str) -> Iterator[Element]:
        return (element for element in self.elements.values() if element.scope == scope)

    def defined(self, tag: str) -> Mapping[str, etree._Element]:
        """The messages, errors or escalations of the file by id."""
        return {child.get("id") or "": child for child in self.root.findall(BPMN + tag)}


def local(element: etree._Element) -> str:
    """The element's name without namespace; '' for comments and foreign elements."""
    tag = element.tag
    return tag.removeprefix(BPMN) if isinstance(tag, str) and tag.startswith(BPMN) else ""


def is_true(text: str | None, *, default: bool = False) -> bool:
    """An XML boolean: true or 1."""
    return default if not (text or "").strip() else (text or "").strip().lower() in {"true", "1"}


def refuse(rule: str, zh: str, en: str, element_id: str = "") -> DefinitionRefusedError:
    """The refusal of a file that cannot even be read."""
    return DefinitionRefusedError((Finding(rule, zh, en, element_id),))


def parse_xml(xml: bytes) -> etree._Element:
    """The root of a file that came from outside. No document type, no entity, no network, bounded size and depth."""
    if len(xml) > MAX_BYTES:
        raise refuse("too_large", "文件超过1 MB。", "The file is larger than 1 MB.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    doctype = refuse("doctype", "文件不得包含DOCTYPE声明。", "The file must not hold a DOCTYPE.")
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in xml.replace(b"\0", b""):  # entities that multiply break the parser before they are seen
            raise doctype from None
        raise refuse("not_xml", f"文件不是有效的XML：{error}", f"The file is not valid XML: {error}") from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None:
        raise doctype
    if (info.encoding or "UTF-8").upper() not in ENCODINGS:
        zh, en = (
            f"不支持文件的字符编码{info.encoding}，请用UTF-8保存。",
            f"The encoding {info.encoding} is not supported; save the file as UTF-8.",
        )
        raise refuse("encoding", zh, en)
    if sum(1 for _ in root.iter()) > MAX_XML_ELEMENTS:
        raise refuse("too_large", "文件的元素过多。", "The file holds too many elements.")
    if _deeper_than(root, MAX_XML_DEPTH):
        raise refuse("too_deep", "文件嵌套过深。", "The file is nested too deeply.")
    return root


def read_diagram(xml: bytes) -> Diagram:
    """The model of a file. Raises DefinitionRefusedError when there is not exactly one process to read."""
    root = parse_xml(xml)
    if root.tag != f"{BPMN}definitions":
        raise refuse("not_bpmn", "文件不是BPMN 2.0模型。", "The file is not a BPMN 2.0 model.", root.get("id") or "")
    process = _the_process(root)
    elements: dict[str, Element] = {}
    flows: list[Flow] = []
    _collect(process, elements, flows)
    lanes = {
        "".join(map(str, ref.itertext())).strip(): lane.get("id") or ""
        for lane in process.iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
    }
    return Diagram(root=root, process=process, elements=elements, flows=tuple(flows), lanes=lanes)


def _the_process(root: etree._Element) -> etree._Element:
    processes = root.findall(f"{BPMN}process")
    filled = [process for process in processes if any(local(child) in FLOW_NODES for child in process)]
    named = filled or processes
    if len(named) > 1:  # other pools are drawn for the reader
        named = [process for process in named if is_true(process.get("isExecutable"), default=True)] or named
    if not named:
        raise refuse("no_process", "文件中没有流程。", "The file holds no process.", root.get("id") or "")
    if len(named) > 1:
        extra = named[1].get("id") or ""
        raise refuse("several_processes", "一个文件只能有一个流程。", "A file may hold only one process.", extra)
    if not is_true(named[0].get("isExecutable"), default=True):
        id_ = named[0].get("id") or ""
        raise refuse(
            "not_executable",
            "流程未标记为可执行，请把isExecutable设为true。",
            "The process is not marked as executable; set isExecutable to true.",
            id_,
        )
    return named[0]


def _collect(scope: etree._Element, elements: dict[str, Element], flows: list[Flow]) -> None:
    """Gathers nodes and flows; an id met twice keeps its first bearer (the linter tells the rest)."""
    scope_id = scope.get("id") or ""
    for child in scope:
        tag, id_, name = local(child), child.get("id") or "", child.get("name") or ""
        if tag == "sequenceFlow":
            flows.append(_flow(child, id_, name, scope_id))
        elif tag in FLOW_NODES and id_ and id_ not in elements:
            elements[id_] = Element(id=id_, tag=tag, name=name, scope=scope_id, xml=child)
            if tag in {"subProcess", "transaction", "adHocSubProcess"}:
                _collect(child, elements, flows)


def _flow(xml: etree._Element, id_: str, name: str, scope: str) -> Flow:
    condition = xml.find(f"{BPMN}conditionExpression")
    return Flow(
        id=id_,
        name=name,
        source=xml.get("sourceRef") or "",
        target=xml.get("targetRef") or "",
        scope=scope,
        condition=None if condition is None else "".join(map(str, condition.itertext())).strip(),
    )


def _deeper_than(root: etree._Element, limit: int) -> bool:
    level = [root]
    for _ in range(limit):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True
