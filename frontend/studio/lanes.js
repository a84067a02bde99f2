// Roles are lanes. bpmn-js forgets the lane of whatever is moved inside a sub-process (it looks for lanes there only);
// here the lanes of the pool around it count. Several commands can be one step of undo.
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { collectLanes } from "bpmn-js/lib/features/modeling/util/LaneUtil";
import { is } from "bpmn-js/lib/util/ModelUtil";

const EARLY = 5000;

export function poolOf(element) {
  let place = element;
  while (place && !is(place, "bpmn:Participant")) place = place.parent;
  return place;
}

function isIn(lane, shape) {
  const [x, y] = [shape.x + shape.width / 2, shape.y + shape.height / 2];
  return x > lane.x && x < lane.x + lane.width && y > lane.y && y < lane.y + lane.height;
}

function nodesOf(root) {
  return root.children.flatMap((child) =>
    is(child, "bpmn:FlowNode") && !child.labelTarget ? [child, ...nodesOf(child)] : [],
  );
}

/** What lanes each node belongs to now, as the handler of bpmn-js wants it. */
function updatesFor(flowNodes, lanes) {
  const moved = new Set(flowNodes);
  for (const lane of lanes) {
    const pool = lane.parent && poolOf(lane);
    for (const node of pool ? nodesOf(pool) : []) moved.add(node);
  }
  const updates = [...moved].map((shape) => {
    const pool = shape.parent && poolOf(shape);
    const before = shape.businessObject.get("lanes").slice();
    // a node drawn on a plane of its own (collapsed sub-process) lies in no pool: its lane stays
    const after = pool ? collectLanes(pool).filter((lane) => isIn(lane, shape)).map((lane) => lane.businessObject) : shape.parent ? before : [];
    return { flowNode: shape.businessObject, remove: before, add: after };
  });
  for (const lane of lanes) {
    if (lane.parent) continue;
    for (const flowNode of lane.businessObject.get("flowNodeRef")) updates.push({ flowNode, remove: [lane.businessObject], add: [] });
  }
  return updates;
}

class LanesOfThePool extends CommandInterceptor {
  constructor(eventBus) {
    super(eventBus);
    this.execute("lane.updateRefs", EARLY, ({ context }) => {
      context.updates ??= updatesFor(context.flowNodeShapes ?? [], context.laneShapes ?? []);
    });
  }
}
LanesOfThePool.$inject = ["eventBus"];

class AsOne {
  preExecute(context) {
    context.run();
  }
}

class Together {
  constructor(commandStack) {
    this.stack = commandStack;
    commandStack.registerHandler("lodestar.together", AsOne);
  }

  /** Runs modeling calls as one step of undo. */
  run(run) {
    this.stack.execute("lodestar.together", { run });
  }
}
Together.$inject = ["commandStack"];

export const lanesModule = {
  __init__: ["lanesOfThePool", "together"],
  lanesOfThePool: ["type", LanesOfThePool],
  together: ["type", Together],
};

/** Moves an element into the lane of a role; a lane that is not there yet is added at the foot of the pool. */
export function moveToRole(modeler, element, role, name) {
  const modeling = modeler.get("modeling");
  const pool = poolOf(element);
  modeler.get("together").run(() => {
    const lane = collectLanes(pool).find((one) => one.id === role) ?? addLane(modeler, pool, role, name);
    const middle = lane.y + lane.height / 2;
    const down = Math.round(middle - (element.y + element.height / 2));
    const inside = is(element.parent, "bpmn:SubProcess") ? element.parent : pool;
    const fits = element.y + down >= inside.y && element.y + element.height + down <= inside.y + inside.height;
    if (fits) {
      modeling.moveElements([element], { x: 0, y: down }, element.parent);
      return;
    }
    // the sub-process does not reach that lane: the element stays where it is drawn and changes hands all the same
    const flowNode = element.businessObject;
    const updates = [{ flowNode, remove: flowNode.get("lanes").slice(), add: [lane.businessObject] }];
    modeler.get("commandStack").execute("lane.updateRefs", { updates, flowNodeShapes: [], laneShapes: [] });
    modeling.updateProperties(element, {});
  });
}

function addLane(modeler, pool, role, name) {
  const modeling = modeler.get("modeling");
  const before = collectLanes(pool);
  const lane = modeling.addLane(before.length ? lowest(before) : pool, "bottom");
  if (!before.length) {
    const first = collectLanes(pool).find((one) => one !== lane);
    modeling.updateProperties(first, { id: role === "designer" ? "filer" : "designer" });
  }
  modeling.updateProperties(lane, { id: role, name });
  return modeler.get("elementRegistry").get(role);
}

function lowest(lanes) {
  return lanes.reduce((found, lane) => (lane.y + lane.height > found.y + found.height ? lane : found));
}
