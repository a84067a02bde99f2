// The panel beside the diagram. It is built anew only when its fields change; otherwise values are set in place, so that
// neither focus nor a click on the way gets lost.
import { fieldsOf } from "./fields.js";

export function openPanel(box, studio) {
  const modeler = studio.modeler;
  let shape = "";
  let bound = [];
  let counter = 0;

  function draw() {
    const selected = modeler.get("selection").get();
    const element = selected.length === 1 ? selected[0].labelTarget ?? selected[0] : null;
    const fields = element ? fieldsOf(element, studio) : [];
    const now = JSON.stringify([element?.id ?? null, outline(fields)]);
    if (now !== shape) {
      shape = now;
      build(element, fields);
    } else {
      refresh(fields);
    }
  }

  function build(element, fields) {
    const key = document.activeElement?.closest?.("#studio-panel") ? document.activeElement.dataset.key : null;
    bound = [];
    const title = make("h3", { textContent: element?.businessObject.name || studio.words.panel });
    box.replaceChildren(...(element ? [title, ...fields.map(row)] : [make("p", { className: "quiet small mb-0", textContent: studio.words.nothing })]));
    if (key) box.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  function refresh(fields) {
    const fresh = flat(fields);
    bound.forEach((one, index) => {
      one.field = fresh[index];
      if (one.input !== document.activeElement || one.field.kind === "check") show(one.input, one.field);
    });
  }

  function row(field) {
    if (field.kind === "rows") return rows(field);
    const id = `panel-${++counter}`;
    if (field.kind === "code") return make("div", { className: "studio-field" }, make("span", { className: "lbl", textContent: field.label }), make("code", { textContent: field.value }));
    if (field.kind === "note") return make("p", { className: "small quiet", textContent: field.value });
    if (field.kind === "several") return several(field);
    const input = control(field, id);
    bind(input, field);
    const label = make("label", { textContent: field.label, htmlFor: id });
    if (field.kind === "check") return make("div", { className: "studio-field checks" }, make("span", { className: "studio-check" }, input, label));
    return make("div", { className: "studio-field" }, label, input, ...suggestions(field, input, id));
  }

  function rows(field) {
    const add = make("button", { type: "button", className: "btn btn-plain btn-sm", textContent: field.add });
    add.dataset.key = `${field.key}-add`;
    add.addEventListener("click", () => field.onAdd());
    const parts = field.rows.map((one) => {
      const remove = make("button", { type: "button", className: "btn btn-quiet btn-sm", textContent: studio.words.remove, ariaLabel: `${studio.words.remove} ${one.title}` });
      remove.addEventListener("click", () => one.remove());
      return make("fieldset", { className: "studio-row" }, make("legend", { textContent: one.title }), ...one.fields.map(row), remove);
    });
    const group = make("div", { className: "studio-field", role: "group", ariaLabel: field.label }, make("span", { className: "lbl", textContent: field.label }), ...parts, add);
    return group;
  }

  function several(field) {
    const boxes = field.options.map(([value, text]) => {
      const id = `panel-${++counter}`;
      const input = make("input", { type: "checkbox", id, value });
      const single = { ...field, kind: "check", key: `${field.key}-${value}`, value: field.value.includes(value) };
      single.set = (on) => field.set(field.options.map(([one]) => one).filter((one) => (one === value ? on : field.value.includes(one))));
      bind(input, single);
      show(input, single);
      return make("span", { className: "studio-check" }, input, make("label", { htmlFor: id, textContent: text }));
    });
    return make("fieldset", { className: "studio-field checks" }, make("legend", { className: "lbl", textContent: field.label }), ...boxes);
  }

  function bind(input, field) {
    const one = { input, field };
    bound.push(one);
    input.dataset.key = field.key;
    input.addEventListener("change", () => one.field.set(input.type === "checkbox" ? input.checked : input.value.trim()));
  }

  function flat(fields) {
    return fields.flatMap((field) => {
      if (field.kind === "rows") return field.rows.flatMap((one) => flat(one.fields));
      if (field.kind === "code" || field.kind === "note") return [];
      if (field.kind !== "several") return [field];
      return field.options.map(([value]) => ({
        ...field, kind: "check", key: `${field.key}-${value}`, value: field.value.includes(value),
        set: (on) => field.set(field.options.map(([one]) => one).filter((one) => (one === value ? on : field.value.includes(one)))),
      }));
    });
  }

  modeler.get("eventBus").on(["selection.changed", "elements.changed", "commandStack.changed"], draw);
  draw();
}

function outline(fields) {
  return fields.map((field) => [field.key, field.kind, field.options ?? null, field.suggestions ?? null, field.kind === "code" ? field.value : null, field.rows?.map((one) => outline(one.fields)) ?? null]);
}

function control(field, id) {
  const input = make(field.kind === "select" ? "select" : field.kind === "area" ? "textarea" : "input", { id });
  if (field.kind === "select") input.append(...field.options.map(([value, text]) => make("option", { value, textContent: text })));
  if (field.kind === "check") input.type = "checkbox";
  else input.className = `${field.kind === "select" ? "form-select" : "form-control"}${field.isCode ? " code" : ""}`;
  if (field.kind === "number") Object.assign(input, { type: "number", step: 1 }, field.min === undefined ? {} : { min: field.min });
  if (field.isCode) Object.assign(input, { spellcheck: false, autocapitalize: "none" });
  if (field.placeholder) input.placeholder = field.placeholder;
  show(input, field);
  return input;
}

function suggestions(field, input, id) {
  if (!field.suggestions?.length) return [];
  const list = make("datalist", { id: `${id}-list` }, ...field.suggestions.map((value) => make("option", { value })));
  input.setAttribute("list", list.id);
  return [list];
}

function show(input, field) {
  if (input.type === "checkbox") input.checked = field.value;
  else if (input.value !== String(field.value)) input.value = field.value;
}

export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
