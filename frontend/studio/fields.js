// What the panel shows of an element: a list of fields, each with its value and how to change it (always by commands).
import { is } from "bpmn-js/lib/util/ModelUtil";
import { moveToRole, poolOf } from "./lanes.js";
import { changes } from "./changes.js";

const PEOPLE = ["bpmn:UserTask", "bpmn:ManualTask"];
const TIMES = ["timeDuration", "timeDate", "timeCycle"];

export function fieldsOf(element, studio) {
  const { words } = studio;
  const model = element.businessObject;
  const set = (properties) => studio.modeling.updateProperties(element, properties);
  const attribute = (key, name, more = {}) => ({
    key, label: words[key], kind: "text", value: model.get(`lodestar:${name}`) ?? "", ...more,
    set: (value) => set({ [`lodestar:${name}`]: value || undefined }),
  });
  const on = { element, model, words, set, attribute, studio, changes: changes(element, studio) };
  return [...common(on), ...particular(on)];
}

function particular(on) {
  const { element, model } = on;
  const event = model.eventDefinitions?.[0];
  if (is(element, "bpmn:Lane")) return lane(on);
  if (model.$type === "bpmn:Task" || PEOPLE.some((type) => is(element, type))) return [role(on), ...userTask(on)];
  if (is(element, "bpmn:ServiceTask")) return serviceTask(on);
  if (is(element, "bpmn:BusinessRuleTask")) return [choose(on, "decision", "decision", "decisions")];
  if (is(element, "bpmn:ScriptTask")) return [{ key: "script", label: on.words.script, kind: "area", value: model.script ?? "", set: (value) => on.set({ script: value || undefined }) }];
  if (is(element, "bpmn:CallActivity")) return callActivity(on);
  if (is(element, "bpmn:SequenceFlow")) return sequenceFlow(on);
  if (event && is(event, "bpmn:TimerEventDefinition")) return timer(on, event);
  if (is(element, "bpmn:SendTask") || is(element, "bpmn:ReceiveTask")) return message(on, model);
  if (event && is(event, "bpmn:MessageEventDefinition")) return message(on, event);
  return [];
}

function common({ element, model, words, set, studio }) {
  if (is(element, "bpmn:Collaboration") || is(element, "bpmn:Process")) return [];
  const fields = [{ key: "id", label: words.id, kind: "code", value: element.id }];
  if (is(element, "bpmn:Lane")) return fields;
  return [
    { key: "name", label: words.name, kind: "text", value: model.name ?? "", set: (value) => {
      const target = element.label ?? element;
      if (is(element, "bpmn:FlowElement") && !is(element, "bpmn:TextAnnotation")) studio.modeling.updateLabel(target, value);
      else set({ name: value });
      if (is(element, "bpmn:Participant") && model.processRef) studio.modeling.updateModdleProperties(element, model.processRef, { name: value });
    } },
    ...fields,
  ];
}

function role({ element, words, studio, model }) {
  if (!poolOf(element)) return { key: "role", label: words.role, kind: "note", value: words.lane_missing };
  const [first] = laneOf(model);
  return {
    key: "role", label: words.role, kind: "select", value: first?.id ?? "", options: options(studio.offered.roles, first?.id ?? "", words),
    set: (value) => value && moveToRole(studio.modeler, element, value, nameOf(studio.offered.roles, value)),
  };
}

function laneOf(model) {
  for (let place = model; place; place = place.$parent) {
    const lanes = is(place, "bpmn:FlowNode") ? place.get("lanes") : [];
    if (lanes.length) return lanes;
  }
  return [];
}

function lane({ element, words, studio, set }) {
  return [{
    key: "lane", label: words.lane, kind: "select", value: element.id, options: options(studio.offered.roles, element.id, words),
    set: (value) => {
      if (value && !studio.modeler.get("elementRegistry").get(value)) set({ id: value, name: nameOf(studio.offered.roles, value) });
    },
  }];
}

function userTask(on) {
  const { element, model, words, studio, attribute } = on;
  const others = studio.modeler.get("elementRegistry").filter((one) => PEOPLE.some((type) => is(one, type)) && one !== element && !one.labelTarget);
  const nodes = others.map((one) => [one.id, one.businessObject.name || one.id]);
  const fields = studio.offered.fields[model.get("lodestar:form")] ?? [];
  return [
    choose(on, "form", "form", "forms", words.no_form),
    outcomes(on, fields),
    attribute("due", "dueWorkdays", { kind: "number", min: 0 }),
    attribute("due_in", "dueIn", { placeholder: "P3D" }),
    choose(on, "stage", "stage", "stages"),
    { key: "not_by", label: words.not_by, kind: "several", value: list(model.get("lodestar:notBy")), options: nodes,
      set: (value) => on.set({ "lodestar:notBy": value.join(",") || undefined }) },
    attribute("priority", "priority", { kind: "number" }),
  ];
}

function outcomes(on, formFields) {
  const { words, changes: change, model } = on;
  const rows = change.list("lodestar:Outcome");
  const short = list(model.get("lodestar:outcomes"));
  const text = (row, name, more = {}) => ({
    key: `outcome-${row.index}-${name}`, label: words[name], kind: "text", value: row.item.get(name) ?? "", ...more,
    set: (value) => change.setIn(row.item, { [name]: value || undefined }),
  });
  return {
    key: "outcomes", label: words.outcomes, kind: "rows", add: words.add_outcome,
    rows: rows.map((item, index) => ({
      title: `${words.outcome}${index + 1}`, remove: () => change.remove(item),
      fields: [
        text({ item, index }, "code", { suggestions: ["approve", "return_for_correction", "reject"], isCode: true }), text({ item, index }, "zh"), text({ item, index }, "en"),
        text({ item, index }, "when", { isCode: true }), text({ item, index }, "requires", { suggestions: formFields, isCode: true }),
      ],
    })),
    onAdd: () => change.addOutcome(short, rows),
  };
}

function serviceTask(on) {
  const { words, changes: change, model, set } = on;
  const rows = change.list("lodestar:Input");
  const text = (item, index, name, label) => ({
    key: `input-${index}-${name}`, label, kind: "text", value: item.get(name) ?? "", isCode: true,
    set: (value) => change.setIn(item, { [name]: value || undefined }),
  });
  return [
    choose(on, "operation", "operation", "operations"),
    { key: "inputs", label: words.inputs, kind: "rows", add: words.add_input, onAdd: () => change.add("lodestar:Input", { name: "", value: "" }),
      rows: rows.map((item, index) => ({
        title: `${words.input}${index + 1}`, remove: () => change.remove(item),
        fields: [text(item, index, "name", words.input_name), text(item, index, "value", words.value)],
      })) },
    { key: "job", label: words.job, kind: "check", value: model.get("lodestar:job") === "true", set: (value) => set({ "lodestar:job": value ? "true" : undefined }) },
  ];
}

function callActivity(on) {
  const { element, model, words, studio, set, changes: change } = on;
  const loop = model.loopCharacteristics;
  const holder = loop?.get("lodestar:collection") ? loop : model;
  const fields = [
    { key: "process", label: words.process, kind: "select", value: model.calledElement ?? "", options: options(studio.offered.processes, model.calledElement ?? "", words, words.none),
      set: (value) => set({ calledElement: value || undefined }) },
    { key: "multiple", label: words.multiple, kind: "check", value: Boolean(loop), set: (value) => set({ loopCharacteristics: value ? change.create("bpmn:MultiInstanceLoopCharacteristics", {}, model) : undefined }) },
  ];
  if (!loop) return fields;
  const collection = holder.get("lodestar:collection") ?? "";
  return [
    ...fields,
    { key: "collection", label: words.collection, kind: "select", value: collection, options: options(studio.offered.collections, collection, words, words.none),
      set: (value) => studio.modeling.updateModdleProperties(element, holder, { "lodestar:collection": value || undefined }) },
    { key: "completion", label: words.completion, kind: "text", isCode: true, value: loop.completionCondition?.body ?? "", set: (value) => change.setExpression(loop, "completionCondition", value) },
  ];
}

function sequenceFlow({ element, model, words, studio, set, changes: change }) {
  const source = element.source;
  const fields = [];
  if (is(source, "bpmn:ExclusiveGateway") || is(source, "bpmn:InclusiveGateway")) {
    const isDefault = source.businessObject.default === model;
    fields.push({ key: "condition", label: words.condition, kind: "text", isCode: true, value: model.conditionExpression?.body ?? "", set: (value) => set({ conditionExpression: value ? change.expression(value, model) : undefined }) });
    fields.push({ key: "default", label: words.default, kind: "check", value: isDefault, set: (value) => studio.modeling.updateProperties(source, { default: value ? model : undefined }) });
  }
  return fields;
}

function timer({ element, model, words, studio, changes: change }, event) {
  const write = (properties) => studio.modeling.updateModdleProperties(element, event, properties);
  const present = TIMES.find((name) => event[name]);
  const holder = event.get("lodestar:stage") || event.get("lodestar:workdays") ? event : (model.get("lodestar:stage") || model.get("lodestar:workdays")) ? model : event;
  const stage = holder.get("lodestar:stage");
  const workdays = holder.get("lodestar:workdays");
  const kind = studio.choices.get(event) ?? (stage ? "stage" : workdays ? "workdays" : present ?? "timeDuration");
  const clear = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined, "lodestar:stage": undefined, "lodestar:workdays": undefined };
  const fields = [{
    key: "timer", label: words.timer, kind: "select", value: kind,
    options: [["workdays", words.timer_workdays], ["stage", words.timer_stage], ...TIMES.map((name) => [name, words[name]])],
    set: (value) => { studio.choices.set(event, value); studio.together(() => change.clearTimer(event, model, clear)); },
  }];
  const set = (properties) => studio.together(() => { change.clearTimer(event, model, clear); write(properties); });
  if (kind === "workdays") {
    fields.push({ key: "workdays", label: words.workdays, kind: "number", value: workdays ?? "", set: (value) => set({ "lodestar:workdays": value || undefined }) });
  } else if (kind === "stage") {
    fields.push({ key: "stage", label: words.stage, kind: "select", value: stage ?? "", options: options(studio.offered.stages, stage ?? "", words, words.none), set: (value) => set({ "lodestar:stage": value || undefined, "lodestar:workdays": workdays }) });
    fields.push({ key: "offset", label: words.offset, kind: "number", value: workdays ?? "", set: (value) => set({ "lodestar:stage": stage, "lodestar:workdays": value || undefined }) });
  } else {
    fields.push({ key: "text", label: words.text, kind: "text", isCode: true, value: event[kind]?.body ?? "", set: (value) => set({ [kind]: value ? change.expression(value, event) : undefined }) });
  }
  if (is(element, "bpmn:BoundaryEvent")) {
    fields.push({ key: "interrupting", label: words.interrupting, kind: "check", value: model.cancelActivity !== false, set: (value) => studio.modeling.updateProperties(element, { cancelActivity: value }) });
  }
  return fields;
}

function message({ element, model, words, studio, changes: change }, holder) {
  const throws = is(element, "bpmn:ThrowEvent") || is(element, "bpmn:SendTask");
  const fields = [{ key: "message", label: words.message, kind: "text", isCode: true, value: holder.messageRef?.name ?? "", suggestions: change.messages(), set: (value) => change.setMessage(holder, value) }];
  if (!throws) return fields;
  const written = holder.get("lodestar:to") ? holder : model;
  const to = written.get("lodestar:to") ?? "";
  return [...fields, {
    key: "to", label: words.to, kind: "select", value: to, options: [["", words.none], ["round", words.to_round], ["panel", words.to_panel], ["subject", words.to_subject]],
    set: (value) => studio.modeling.updateModdleProperties(element, written, { "lodestar:to": value || undefined }),
  }];
}

function choose({ model, words, studio, set }, key, name, kind, none = words.none) {
  const value = model.get(`lodestar:${name}`) ?? "";
  return { key, label: words[key], kind: "select", value, options: options(studio.offered[kind], value, words, none), set: (chosen) => set({ [`lodestar:${name}`]: chosen || undefined }) };
}

/** The names on offer; one that is written in the diagram but not on offer stays to be seen. */
function options(offered, value, words, none = null) {
  const known = offered.some(([code]) => code === value);
  return [...(none === null && value ? [] : [["", none ?? words.none]]), ...(value && !known ? [[value, `${value}${words.unknown}`]] : []), ...offered];
}

const nameOf = (pairs, value) => pairs.find(([code]) => code === value)?.[1] ?? value;
const list = (text) => (text ?? "").split(/[\s,]+/).filter(Boolean);
