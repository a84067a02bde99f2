// <details data-diagram="url">: the flow, folded until somebody opens it; waiting nodes are marked, passed ones shaded.
// Nodes with an incident are edged in cinnabar. The address answers a file (nodes: data-waiting, -passed, -troubled) or {"xml", "waiting", "passed"}.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "../styles/viewer.css";

const listed = (text) => (text ?? "").split(" ").filter(Boolean);

async function read(details) {
  const response = await fetch(details.dataset.diagram);
  if (!response.ok) throw new Error(response.status);
  if (response.headers.get("Content-Type").includes("json")) return response.json();
  const [waiting, passed, troubled] = ["waiting", "passed", "troubled"].map((name) => listed(details.dataset[name]));
  return { xml: await response.text(), waiting, passed, troubled };
}

/** What a list beside the diagram numbers: the same numbers as pins, the element marked (data-marks: id|mark|number|status). */
function number(details, viewer) {
  for (const [id, mark, text, status] of listed(details.dataset.marks).map((one) => one.split("|"))) {
    const element = viewer.get("elementRegistry").get(id);
    if (!element) continue;
    viewer.get("canvas").addMarker(element, mark);
    const pin = Object.assign(document.createElement("span"), { className: "pin-no", textContent: text });
    pin.dataset.status = status;
    const position = element.waypoints ? { top: -10, left: 0 } : { top: -10, right: 10 };
    viewer.get("overlays").add(element, "change", { position, html: pin, show: { minZoom: 0 }, scale: { min: 1 } });
  }
}

async function draw(details) {
  const box = details.querySelector(".diagram");
  try {
    const [{ default: Viewer }, answer] = await Promise.all([
      import("bpmn-js/lib/NavigatedViewer"),
      read(details),
    ]);
    const viewer = new Viewer({ container: box });
    await viewer.importXML(answer.xml);
    const canvas = viewer.get("canvas");
    const drawn = viewer.get("elementRegistry");
    for (const [marker, nodes] of [["is-waiting", answer.waiting], ["is-passed", answer.passed], ["is-troubled", answer.troubled ?? []]]) {
      for (const node of nodes) if (drawn.get(node)) canvas.addMarker(node, marker);
    }
    number(details, viewer);
    canvas.zoom("fit-viewport", "auto");
  } catch {
    box.textContent = details.dataset.fault;
  }
  details.dataset.drawn = "1";
}

for (const details of document.querySelectorAll("details[data-diagram]")) {
  const open = () => {
    if (!details.open || details.dataset.drawn) return;
    details.dataset.drawn = "0";
    draw(details);
  };
  details.addEventListener("toggle", open);
  open();
}
