// Keys are additions: "/" searches, J and K walk through a list, Ctrl+Enter submits. Off with localStorage.keys = "off".
const writes = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

function walk(step) {
  const links = [...document.querySelectorAll(".grid tbody .title[href]")];
  if (!links.length) return;
  const here = links.findIndex((link) => link.closest("tr").classList.contains("is-here"));
  const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
  links[here]?.closest("tr").classList.remove("is-here");
  next.closest("tr").classList.add("is-here");
  next.focus();
}

function search(event) {
  const field = document.querySelector('main input[type="search"]') ?? document.querySelector('.top input[type="search"]');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (localStorage.getItem("keys") === "off") return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    if (writes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") search(event);
    if (event.key === "j" || event.key === "J") walk(1);
    if (event.key === "k" || event.key === "K") walk(-1);
  });
}
