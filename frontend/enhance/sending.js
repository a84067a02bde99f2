// A form that is being sent saves itself no more: what would arrive after it meets a record that has moved on.
import htmx from "htmx.org";

export function stopSavingWhenSent() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.hasAttribute("target")) return;
    event.target.dataset.sent = "1";
    htmx.trigger(event.target, "htmx:abort");
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.dataset?.sent) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
