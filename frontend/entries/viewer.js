// <details data-diagram="url">: the flow, folded until somebody opens it; waiting nodes are marked, passed ones shaded.
// The address answers a diagram's file (nodes: data-waiting, data-passed) or {"xml", "waiting", "passed"}.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "../styles/viewer.css";

const listed = (text) => (text ?? "").split(" ").filter(Boolean);

async function read(details) {
  const response = await fetch(details.dataset.diagram);
  if (!response.ok) throw new Error(response.status);
  if (response.headers.get("Content-Type").includes("json")) return response.json();
  return { xml: await response.text(), waiting: listed(details.dataset.waiting), passed: listed(details.dataset.passed) };
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
    for (const [marker, nodes] of [["is-waiting", answer.waiting], ["is-passed", answer.passed]]) {
      for (const node of nodes) if (drawn.get(node)) canvas.addMarker(node, marker);
    }
    canvas.zoom("fit-viewport", "auto");
  } catch {
    box.textContent = details.dataset.fault;
  }
  details.dataset.drawn = "1";
}

for (const details of document.querySelectorAll("details[data-diagram]")) {
  details.addEventListener("toggle", () => { if (details.open && !details.dataset.drawn) draw(details); });
}
