// The findings of a check: a numbered list, the same numbers as pins on the diagram, the path to a fault drawn on it.
import { make } from "./panel.js";

const READABLE = 0.7;

export function openFindings({ box, words, locale, modeler }) {
  const list = box.querySelector("ol");
  const line = box.querySelector("p");
  const message = (finding) => (locale === "en" ? finding.message_en : finding.message_zh);

  /** The drawn element that a finding speaks of; the process itself is drawn as its pool. */
  function place(id) {
    const registry = modeler?.get("elementRegistry");
    if (!registry || !id) return null;
    return registry.get(id) ?? registry.find((one) => one.businessObject?.processRef?.id === id) ?? null;
  }

  function clear() {
    if (!modeler) return;
    modeler.get("overlays").remove({ type: "finding" });
    const canvas = modeler.get("canvas");
    modeler.get("elementRegistry").forEach((one) => {
      for (const marker of ["is-error", "is-warning", "is-path"]) canvas.removeMarker(one, marker);
    });
  }

  function pin(finding, number) {
    const element = place(finding.element_id);
    if (!element) return;
    const node = make("button", { type: "button", className: "pin-no", textContent: number, title: message(finding) });
    node.dataset.status = finding.severity;
    node.addEventListener("click", () => list.children[number - 1]?.querySelector("button")?.focus());
    const shift = 18 * modeler.get("overlays").get({ element, type: "finding" }).length;
    const position = element.waypoints ? middle(element, shift) : { top: -10, right: 10 + shift };
    modeler.get("overlays").add(element, "finding", { position, html: node, show: { minZoom: 0 }, scale: { min: 1 } });
    modeler.get("canvas").addMarker(element, `is-${finding.severity}`);
  }

  /** The nodes of the path, and between neighbours on it the shortest way that is drawn. */
  function drawPath(path) {
    const canvas = modeler.get("canvas");
    const registry = modeler.get("elementRegistry");
    registry.forEach((one) => canvas.removeMarker(one, "is-path"));
    const nodes = path.map((id) => registry.get(id)).filter(Boolean);
    for (const node of nodes) canvas.addMarker(node, "is-path");
    nodes.slice(1).forEach((node, index) => {
      for (const part of wayBetween(nodes[index], node)) canvas.addMarker(part, "is-path");
    });
  }

  /** Shows the element as its designer would look for it: selected, readable, in the middle of the canvas. */
  function locate(finding) {
    if (!modeler) return;
    const element = place(finding.element_id);
    drawPath(finding.path ?? []);
    if (!element) return;
    const canvas = modeler.get("canvas");
    modeler.get("selection").select(element);
    modeler.get("contextPad").close(); // it would cover the pins
    if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
    const { width, height } = canvas.viewbox();
    const centre = element.waypoints ? middleOf(element) : { x: element.x + element.width / 2, y: element.y + element.height / 2 };
    canvas.viewbox({ x: centre.x - width / 2, y: centre.y - height / 2, width, height });
    box.ownerDocument.querySelector("#studio-canvas").scrollIntoView({ block: "center", behavior: "instant" });
  }

  function name(id) {
    return modeler?.get("elementRegistry").get(id)?.businessObject.name || id;
  }

  function row(finding, index) {
    const open = make("button", { type: "button", className: "studio-finding", textContent: message(finding) });
    open.addEventListener("click", () => locate(finding));
    const text = make("span", { className: "grow" }, open);
    if (finding.path?.length) text.append(make("small", { textContent: words.path.replace("{path}", finding.path.map(name).join(" → ")) }));
    const status = make("span", { className: "status", textContent: words[finding.severity] });
    status.dataset.status = finding.severity;
    const item = make("li", {}, make("span", { className: "pin-no", textContent: index + 1, ariaHidden: "true" }), text, status);
    item.dataset.status = finding.severity;
    return item;
  }

  function show(findings, proof, isStale) {
    clear();
    list.replaceChildren(...(findings ?? []).map(row));
    list.hidden = !findings?.length;
    line.textContent = describe(findings, proof, isStale, words);
    (findings ?? []).forEach((finding, index) => pin(finding, index + 1));
  }

  return { show, locate, drawPath, message, say: (text) => { line.textContent = text; } };
}

/** Flows and nodes of the shortest way from one element to another; none where no line leads there. */
function wayBetween(from, to) {
  const ways = new Map([[from, []]]);
  for (const [element, way] of ways) {
    if (element === to) return way;
    for (const flow of element.outgoing ?? []) if (!ways.has(flow.target)) ways.set(flow.target, [...way, flow, flow.target]);
    for (const event of element.attachers ?? []) if (!ways.has(event)) ways.set(event, [...way, event]);
  }
  return [];
}

function describe(findings, proof, isStale, words) {
  if (!findings) return words.unchecked;
  const errors = findings.filter((one) => one.severity === "error").length;
  const parts = [findings.length ? words.found.replace("{errors}", errors).replace("{warnings}", findings.length - errors) : words.clean];
  if (proof) parts.push((proof.bounded ? words.bounded : words.proved).replace("{states}", proof.states).replace("{transitions}", proof.transitions));
  if (isStale) parts.push(words.stale);
  return parts.join(document.documentElement.lang === "en" ? "; " : "；");
}

function middleOf(connection) {
  const points = connection.waypoints;
  const at = Math.floor((points.length - 1) / 2);
  return { x: (points[at].x + points[at + 1].x) / 2, y: (points[at].y + points[at + 1].y) / 2 };
}

/** Where the pin of a connection stands, counted from the corner of its bounds. */
function middle(connection, shift) {
  const { x, y } = middleOf(connection);
  const [left, top] = ["x", "y"].map((axis) => Math.min(...connection.waypoints.map((one) => one[axis])));
  return { left: x - left - 10 + shift, top: y - top - 10 };
}
