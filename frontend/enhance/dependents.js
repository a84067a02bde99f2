// data-shown-for="outcome=return,reject": shown only while one of these values is chosen. Without script it is always shown.
export function showForReason(root) {
  for (const part of root.querySelectorAll("[data-shown-for]")) {
    const [name, values] = part.dataset.shownFor.split("=");
    const form = part.closest("form");
    const show = () => {
      const chosen = form.elements[name]?.value;
      part.hidden = !values.split(",").includes(chosen);
    };
    form.addEventListener("change", show);
    show();
  }
}
