// What the modeler says to the server: JSON with the page's token. An answer that is no JSON is a failure of ours.
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export async function send(method, url, body) {
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
      body: JSON.stringify(body),
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    return { ok: response.ok && isJson, status: response.status, body: isJson ? await response.json() : {} };
  } catch {
    return { ok: false, status: 0, body: {} };
  }
}
