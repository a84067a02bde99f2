// <input type=file data-upload="/attachments">: the file is handed in as soon as it is chosen; its id goes into the form.
const csrf = () => document.querySelector('meta[name="csrf-token"]').content;

async function hand(input) {
  const list = document.getElementById(`${input.name}-files`);
  const body = new FormData();
  body.set("field", input.name);
  body.set("file", input.files[0]);
  list.textContent = `${input.dataset.wait}…`;
  const headers = { "X-CSRFToken": csrf(), "HX-Request": "true" };
  try {
    const answer = await fetch(input.dataset.upload, { method: "POST", body, headers });
    const text = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) throw new Error(text.querySelector("p")?.textContent.trim());
    list.replaceChildren(...text.body.children);
    input.required = false;
  } catch (error) {
    const line = document.createElement("li");
    line.className = "due-late";
    line.setAttribute("role", "alert");
    line.textContent = error.message || input.dataset.fault;
    list.replaceChildren(line);
  }
  input.value = "";
}

export function uploadAtOnce(root) {
  for (const input of root.querySelectorAll("input[type=file][data-upload]")) {
    input.addEventListener("change", () => { if (input.files.length) hand(input); });
  }
}
