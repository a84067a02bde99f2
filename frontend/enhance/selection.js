// <input type=checkbox data-select-all="item">: ticks every checkbox of that name in its form; [data-selected-count] tells how
// many, [data-when-selected] is there only when some are.
export function selectAll(root) {
  for (const all of root.querySelectorAll("[data-select-all]")) {
    const form = all.form ?? all.closest("form, section");
    const boxes = () => [...form.querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`)];
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
      for (const count of form.querySelectorAll("[data-selected-count]")) count.textContent = ticked;
      for (const bar of form.querySelectorAll("[data-when-selected]")) bar.hidden = ticked === 0;
    };
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
    form.addEventListener("change", show);
    show();
  }
}
