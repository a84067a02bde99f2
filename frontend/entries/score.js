// The score sheet's total while typing; marks outside 0 … maximum are left out and said by the server.
const form = document.querySelector("form[data-score]");
const total = form?.querySelector("[data-total]");

function add() {
  const marks = [...form.querySelectorAll("[data-mark]")].map((field) => ({
    value: field.value.trim() === "" ? NaN : Number(field.value),
    most: Number(field.dataset.mark),
  }));
  const valid = marks.filter(({ value, most }) => value >= 0 && value <= most);
  const sum = valid.reduce((before, { value }) => before + value, 0);
  total.textContent = valid.length ? String(Math.round(sum * 100) / 100) : "—";
}

if (total) {
  form.addEventListener("input", add);
  add();
}
