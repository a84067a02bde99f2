// Our namespace for bpmn-moddle (contract: "In a diagram"). What it does not name is kept as it was read.
const attributes = (...names) => names.map((name) => ({ name, isAttr: true, type: "String" }));

export default {
  name: "Lodestar",
  uri: "http://lodestar.review/schema/bpmn",
  prefix: "lodestar",
  xml: { tagAlias: "lowerCase" },
  associations: [],
  types: [
    {
      name: "Node",
      extends: ["bpmn:FlowNode"],
      properties: attributes(
        "form", "outcomes", "dueWorkdays", "dueIn", "stage", "notBy", "priority", "operation", "job", "collection",
        "decision", "to", "workdays",
      ),
    },
    { name: "EventPart", extends: ["bpmn:EventDefinition"], properties: attributes("workdays", "stage", "to") },
    { name: "Loop", extends: ["bpmn:MultiInstanceLoopCharacteristics"], properties: attributes("collection") },
    { name: "Outcome", superClass: ["Element"], properties: attributes("code", "zh", "en", "when", "requires") },
    { name: "Input", superClass: ["Element"], properties: attributes("name", "value") },
  ],
};
