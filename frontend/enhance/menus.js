// A menu made of <details class="menu"> closes with Escape and with a click elsewhere;
// a confirmation stays until the next click.
export function closeMenus() {
  const close = (keep) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== keep) menu.open = false;
  };
  document.addEventListener("click", (event) => {
    close(event.target.closest("details.menu"));
    if (!event.target.closest(".toast-line")) document.querySelector(".toast-line")?.remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    close(null);
    open?.querySelector("summary").focus();
  });
}
