// Parts of a form that depend on what was chosen in it. Without script all of them are shown.
//   data-shown-for="outcome=return,reject"    shown while one of these values is chosen
//   data-hidden-when='["kind","!=","report"]' hidden while the comparison holds (a form definition's condition)
//   data-wanted-for="reject,return"           its fields are asked for while one of these outcomes is chosen
const COMPARE = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => typeof a === "number" && typeof b === "number" && a < b,
  "<=": (a, b) => typeof a === "number" && typeof b === "number" && a <= b,
  ">": (a, b) => typeof a === "number" && typeof b === "number" && a > b,
  ">=": (a, b) => typeof a === "number" && typeof b === "number" && a >= b,
};

function chosen(form, name, like) {
  const control = form.elements[name];
  if (!control) return null;
  if (control.type === "checkbox") return control.checked;
  if (!control.value) return null;
  return typeof like === "number" ? Number(control.value) : control.value;
}

function watch(root, selector, judge) {
  for (const part of root.querySelectorAll(selector)) {
    const form = part.closest("form");
    const show = () => judge(part, form);
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    show();
  }
}

function toggle(part, hidden) {
  part.hidden = hidden;
  // what nobody sees must not hold the form back
  for (const control of part.querySelectorAll("input, select, textarea")) control.disabled = hidden;
}

export function showForReason(root) {
  watch(root, "[data-shown-for]", (part, form) => {
    const [name, values] = part.dataset.shownFor.split("=");
    toggle(part, !values.split(",").includes(chosen(form, name)));
  });
  watch(root, "[data-hidden-when]", (part, form) => {
    const [name, comparison, literal] = JSON.parse(part.dataset.hiddenWhen);
    toggle(part, COMPARE[comparison](chosen(form, name, literal), literal));
  });
  watch(root, "[data-wanted-for]", (part, form) => {
    const wanted = part.dataset.wantedFor.split(",").includes(chosen(form, "outcome"));
    for (const control of part.querySelectorAll("input:not([type=checkbox], [type=hidden]), select, textarea")) control.required = wanted;
  });
}
