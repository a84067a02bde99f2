// The designer's page: draw, keep as a draft, check, deploy.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css";
import "../styles/modeler.css";
import Modeler from "bpmn-js/lib/Modeler";
import descriptor from "../studio/descriptor.js";
import { openDesk } from "../studio/desk.js";
import { openFindings } from "../studio/findings.js";
import { chinese } from "../studio/i18n.js";
import { lanesModule } from "../studio/lanes.js";
import { openPanel } from "../studio/panel.js";

const read = (name) => JSON.parse(document.getElementById(`studio-${name}`).textContent);
const [config, words, offered] = [read("config"), read("words"), read("offered")];
const SMALLEST = 0.7;
const PALETTE = 125;

async function draw(xml) {
  if (!xml.includes("BPMNShape")) return { modeler: null, trouble: words.no_picture };
  const modeler = new Modeler({
    container: "#studio-canvas",
    additionalModules: config.locale === "en" ? [lanesModule] : [lanesModule, chinese],
    moddleExtensions: { lodestar: descriptor },
  });
  try {
    await modeler.importXML(xml);
  } catch (error) {
    modeler.destroy();
    return { modeler: null, trouble: words.broken.replace("{text}", error.message) };
  }
  return { modeler, trouble: null };
}

/** The whole diagram where it stays readable, else its beginning, clear of the palette. */
function fit(modeler, atLeast) {
  const canvas = modeler.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() < atLeast) {
    canvas.zoom(atLeast);
    const { inner, width, height } = canvas.viewbox();
    canvas.viewbox({ x: inner.x - PALETTE / atLeast, y: inner.y - 20 / atLeast, width, height });
  } else {
    const { inner, outer } = canvas.viewbox();
    canvas.zoom(Math.min(canvas.zoom(), (outer.width - PALETTE - 20) / inner.width, 1), "auto");
    const { x, inner: drawn, scale } = canvas.viewbox();
    canvas.scroll({ dx: PALETTE - (drawn.x - x) * scale, dy: 0 });
  }
}

const source = await (await fetch(config.urls.draft)).text();
const { modeler, trouble } = await draw(source);
const findings = openFindings({ box: document.getElementById("studio-findings"), words, locale: config.locale, modeler });
const desk = openDesk({ config, words, modeler, source, findings });
if (trouble) desk.complain(trouble);
if (modeler) {
  const modeling = modeler.get("modeling");
  const together = (run) => modeler.get("together").run(run);
  openPanel(document.getElementById("studio-panel"), { modeler, modeling, together, words, offered, choices: new WeakMap() });
  fit(modeler, SMALLEST);
  document.querySelector("[data-do=fit]").addEventListener("click", () => fit(modeler, 0));
  const wanted = modeler.get("elementRegistry").get(decodeURIComponent(location.hash.slice(1)));
  if (wanted) findings.locate({ element_id: wanted.id });
}
document.documentElement.dataset.drawn = "1";
