// <details data-diagram="url">: the flow, folded until somebody opens it; waiting nodes are marked, passed ones shaded.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "../styles/viewer.css";

async function draw(details) {
  const box = details.querySelector(".diagram");
  try {
    const [{ default: Viewer }, answer] = await Promise.all([
      import("bpmn-js/lib/NavigatedViewer"),
      fetch(details.dataset.diagram).then((response) => response.json()),
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
