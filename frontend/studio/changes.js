// Changes of nested values of an element, each a command, so that undo takes it back.
import { is } from "bpmn-js/lib/util/ModelUtil";

export function changes(element, studio) {
  const model = element.businessObject;
  const { modeling, together } = studio;
  const factory = studio.modeler.get("bpmnFactory");
  const write = (holder, properties) => modeling.updateModdleProperties(element, holder, properties);

  function create(type, properties, parent) {
    const made = factory.create(type, properties);
    made.$parent = parent;
    return made;
  }

  const list = (type) => (model.extensionElements?.get("values") ?? []).filter((one) => is(one, type));

  function addAll(items) {
    let holder = model.extensionElements;
    if (!holder) {
      holder = create("bpmn:ExtensionElements", { values: [] }, model);
      write(model, { extensionElements: holder });
    }
    for (const item of items) item.$parent = holder;
    write(holder, { values: [...holder.get("values"), ...items] });
  }

  function remove(item) {
    const holder = model.extensionElements;
    const rest = holder.get("values").filter((one) => one !== item);
    if (rest.length) write(holder, { values: rest });
    else write(model, { extensionElements: undefined });
  }

  const expression = (body, parent) => create("bpmn:FormalExpression", { body }, parent);

  /** A first row takes over what was written in the short attribute. */
  function addOutcome(short, rows) {
    const known = rows.length ? [] : short.map((code) => create("lodestar:Outcome", { code, zh: code, en: code }));
    together(() => {
      if (known.length) write(model, { "lodestar:outcomes": undefined });
      addAll([...known, create("lodestar:Outcome", { code: "" })]);
    });
  }

  const definitions = () => studio.modeler.getDefinitions();
  const allMessages = () => definitions().get("rootElements").filter((one) => is(one, "bpmn:Message"));

  function setMessage(holder, name) {
    const found = allMessages().find((one) => one.name === name);
    if (found || !name) return write(holder, { messageRef: found });
    const made = create("bpmn:Message", { name }, definitions());
    return together(() => {
      write(definitions(), { rootElements: [...definitions().get("rootElements"), made] });
      write(holder, { messageRef: made });
    });
  }

  function clearTimer(event, owner, clear) {
    write(event, clear);
    if (owner.get("lodestar:stage") || owner.get("lodestar:workdays")) write(owner, { "lodestar:stage": undefined, "lodestar:workdays": undefined });
  }

  return {
    create,
    list,
    remove,
    expression,
    addOutcome,
    setMessage,
    clearTimer,
    add: (type, properties) => together(() => addAll([create(type, properties)])),
    setIn: (item, properties) => write(item, properties),
    setExpression: (holder, name, body) => write(holder, { [name]: body ? expression(body, holder) : undefined }),
    messages: () => allMessages().map((one) => one.name).filter(Boolean),
  };
}
