// A choice whose radios carry data-button names the effect on the form's submit button ("退回并打开下一件").
export function nameButtons(root) {
  for (const radio of root.querySelectorAll("input[type=radio][data-button]")) {
    const button = radio.form?.querySelector("[data-submit]");
    if (!button) continue;
    const name = () => {
      if (!radio.checked) return;
      button.textContent = radio.dataset.button;
      button.classList.toggle("btn-stop", radio.hasAttribute("data-stop"));
      button.classList.toggle("btn-primary", !radio.hasAttribute("data-stop"));
    };
    radio.addEventListener("change", name);
    name();
  }
}
