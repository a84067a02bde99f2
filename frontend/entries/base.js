// On every page: htmx under the strict CSP, and small additions without which every page works too.
import htmx from "htmx.org";
import "../styles/base.css";
import { countCharacters } from "../enhance/counters.js";
import { nameButtons } from "../enhance/choices.js";
import { selectAll } from "../enhance/selection.js";
import { showForReason } from "../enhance/dependents.js";
import { uploadAtOnce } from "../enhance/uploads.js";
import { listenToKeys } from "../enhance/keys.js";
import { closeMenus } from "../enhance/menus.js";
import { stopSavingWhenSent } from "../enhance/sending.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
});

const csrf = document.querySelector('meta[name="csrf-token"]')?.content;
document.addEventListener("htmx:configRequest", (event) => {
  if (csrf) event.detail.headers["X-CSRFToken"] = csrf;
});

function enhance(root) {
  countCharacters(root);
  nameButtons(root);
  selectAll(root);
  showForReason(root);
  uploadAtOnce(root);
  root.querySelector?.("[data-focus]")?.focus();
}

listenToKeys();
closeMenus();
stopSavingWhenSent();
enhance(document);
htmx.onLoad(enhance);
document.documentElement.dataset.ready = "1";
