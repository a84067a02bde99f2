// <input type=file data-upload="/attachments">: the file is handed in as soon as it is chosen; its id goes into the form.
// A broken line is tried again by itself, twice; then a button tries again with the same file. A refusal is said at once.
const csrf = () => document.querySelector('meta[name="csrf-token"]').content;
const PAUSES = [1000, 4000];
const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

class Refused extends Error {}

async function send(input, file) {
  const body = new FormData();
  body.set("field", input.name);
  body.set("file", file);
  const headers = { "X-CSRFToken": csrf(), "HX-Request": "true" };
  const answer = await fetch(input.dataset.upload, { method: "POST", body, headers });
  const text = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok) return [...text.body.children];
  const words = text.querySelector("p")?.textContent.trim();
  if (answer.status < 500 && answer.status !== 429) throw new Refused(words);
  throw new Error(words);
}

async function sendPatiently(input, file) {
  for (const pause of PAUSES) {
    try {
      return await send(input, file);
    } catch (error) {
      if (error instanceof Refused) throw error;
      await rest(pause);
    }
  }
  return send(input, file);
}

function tellFault(input, file, list, error) {
  const line = document.createElement("li");
  line.className = "due-late";
  line.setAttribute("role", "alert");
  line.textContent = (error instanceof Refused && error.message) || input.dataset.fault;
  if (!(error instanceof Refused)) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-plain btn-sm ms-2";
    again.textContent = input.dataset.again;
    again.addEventListener("click", () => hand(input, file));
    line.append(again);
  }
  list.replaceChildren(line);
}

async function hand(input, file) {
  const list = document.getElementById(`${input.name}-files`);
  list.textContent = `${input.dataset.wait}…`;
  try {
    list.replaceChildren(...(await sendPatiently(input, file)));
    input.required = false;
    input.form?.dispatchEvent(new Event("change", { bubbles: true }));
  } catch (error) {
    tellFault(input, file, list, error);
  }
  input.value = "";
}

export function uploadAtOnce(root) {
  for (const input of root.querySelectorAll("input[type=file][data-upload]")) {
    input.addEventListener("change", () => { if (input.files.length) hand(input, input.files[0]); });
  }
}
