// The buttons above the diagram: undo, keep as a draft by itself, check, deploy; and the one thing to do next.
import { send } from "./server.js";

const PAUSE = 900;

export function openDesk({ config, words, modeler, source, findings }) {
  const byId = (id) => document.getElementById(`studio-${id}`);
  const button = (name) => document.querySelector(`[data-do=${name}]`);
  const say = (text, values = {}) => Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), words[text]);
  const state = {
    revision: config.revision,
    hasDraft: config.revision > 0,
    isUnsaved: false,
    isBlocked: false, // another window saved: nothing is overwritten any more
    findings: config.findings,
    proof: null,
    isStale: !config.isChecked,
    isBusy: false,
  };
  let timer = 0;
  let saving = Promise.resolve();

  const errors = () => (state.findings ?? []).filter((one) => one.severity === "error");
  const isBehind = () => config.baseVersion !== config.newestVersion;
  const xml = async () => (modeler ? (await modeler.saveXML({ format: true })).xml : source);

  function complain(text) {
    byId("trouble").hidden = !text;
    byId("trouble").querySelector("p").textContent = text ?? "";
  }

  function changed() {
    state.isUnsaved = state.hasDraft = true;
    state.isStale = Boolean(state.findings);
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
    show();
  }

  /** One saving after the other; true when the server has what is drawn. */
  function save() {
    clearTimeout(timer);
    saving = saving.then(saveNow, saveNow);
    return saving;
  }

  async function saveNow() {
    if (!state.isUnsaved) return true;
    if (state.isBlocked) return false;
    state.isUnsaved = false;
    byId("state").textContent = words.saving;
    const answer = await send("PUT", config.urls.draft, { xml: await xml(), revision: state.revision, base_version: config.baseVersion });
    if (answer.ok) {
      state.revision = answer.body.revision;
      const time = new Date(answer.body.saved_at).toLocaleTimeString(config.locale === "en" ? "en-GB" : "zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
      byId("state").textContent = say("saved", { time });
      return true;
    }
    state.isUnsaved = true;
    state.isBlocked = answer.status === 409;
    byId("state").textContent = words.not_saved;
    complain(answer.body.detail ?? words.failed);
    return false;
  }

  async function busily(work) {
    if (state.isBusy) return;
    state.isBusy = true;
    complain(null);
    show();
    try {
      document.activeElement?.closest("#studio-panel") && document.activeElement.blur(); // a field keeps its text until it is left
      if (await save()) await work();
    } finally {
      state.isBusy = false;
      show();
    }
  }

  const check = () => busily(async () => {
    findings.say(words.checking);
    const drawn = await xml();
    take(await send("POST", config.urls.check, { xml: drawn, revision: state.revision }));
  });

  /** Findings of a check or of a refused deployment; anything else is said above the diagram. */
  function take(answer) {
    if (answer.body.findings) {
      Object.assign(state, { findings: answer.body.findings, proof: answer.body.proof ?? null, isStale: state.isUnsaved });
    } else if (!answer.ok) {
      complain(answer.body.detail ?? words.failed);
    }
    findings.show(state.findings, state.proof, state.isStale);
    const [first] = errors();
    if (first && modeler) findings.drawPath(first.path ?? []);
  }

  const deploy = () => busily(async () => {
    const answer = await send("POST", config.urls.deploy, { xml: await xml(), note: byId("note").value, base_version: config.baseVersion });
    if (answer.status === 201) {
      window.removeEventListener("beforeunload", warn);
      location.assign(config.urls.modeler);
      return;
    }
    take(answer);
  });

  function askForNote(event) {
    if (event.submitter?.value !== "deploy") return;
    if (!byId("note").value.trim()) {
      event.preventDefault();
      byId("note").focus();
      return;
    }
    deploy();
  }

  /** What stands in the box "next": [title, why, button or null, what it does]. */
  function next() {
    const count = errors().length;
    const version = config.newestVersion + 1;
    if (isBehind()) return [words.next_moved, say("next_moved_why", { base: config.baseVersion, version: config.newestVersion })];
    if (count && state.isStale) return [words.next_again, say("next_again_why", { errors: count }), words.check, check];
    if (count) return [findings.message(errors()[0]), say("next_errors_why", { errors: count }), modeler && words.locate, () => findings.locate(errors()[0])];
    if (!state.hasDraft) return [words.next_same, words.next_same_why];
    if (!state.findings || state.isStale) return [words.next_check, words.next_check_why, words.check, check];
    return [say("next_ready", { version }), words.next_ready_why, words.deploy, open];
  }

  /** A changed flow has a page of its own for what becomes of running cases; a first version only asks for a note. */
  const open = () => (config.urls.release ? busily(async () => location.assign(config.urls.release)) : byId("dialog").showModal());
  let act = null;

  function show() {
    const [title, why, label, does] = next();
    const box = byId("next");
    const action = box.querySelector("button");
    if (box.querySelector("b").textContent !== title) box.querySelector("b").textContent = title;
    if (box.querySelector("p").textContent !== why) box.querySelector("p").textContent = why;
    box.classList.toggle("next-calm", !label);
    action.hidden = !label;
    action.disabled = state.isBusy;
    action.textContent = label || "";
    act = does;
    button("check").disabled = state.isBusy;
    button("deploy").disabled = state.isBusy || !state.hasDraft || errors().length > 0 || isBehind();
    if (state.isUnsaved) byId("state").textContent = words.unsaved;
    else if (!state.hasDraft) byId("state").textContent = say("pristine", { version: config.baseVersion });
    if (state.isStale && state.findings) byId("proof").textContent = `${words.stale}`;
    if (modeler) {
      button("undo").disabled = !modeler.get("commandStack").canUndo();
      button("redo").disabled = !modeler.get("commandStack").canRedo();
    }
  }

  function warn(event) {
    if (state.isUnsaved) event.preventDefault();
  }

  byId("next").querySelector("button").addEventListener("click", () => act?.());
  button("check").addEventListener("click", check);
  button("deploy").addEventListener("click", open);
  button("full").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.getElementById("studio").requestFullscreen()));
  byId("dialog")?.querySelector("form").addEventListener("submit", askForNote);
  window.addEventListener("beforeunload", warn);
  if (modeler) {
    button("undo").addEventListener("click", () => modeler.get("commandStack").undo());
    button("redo").addEventListener("click", () => modeler.get("commandStack").redo());
    modeler.on("commandStack.changed", changed);
  }
  findings.show(state.findings, null, Boolean(state.findings) && state.isStale);
  show();
  return { complain };
}
