// <output data-count-for="id" data-count-text="{n}字">: how much has been written.
export function countCharacters(root) {
  for (const output of root.querySelectorAll("[data-count-for]")) {
    const area = document.getElementById(output.dataset.countFor);
    if (!area) continue;
    const show = () => { output.textContent = output.dataset.countText.replace("{n}", [...area.value].length); };
    area.addEventListener("input", show);
    show();
  }
}
