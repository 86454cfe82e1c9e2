// What the gateway is asked: JSON with the browser's own cache of ETags, and events while they come.
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.cause || `HTTP ${status}`);
    this.status = status;
    this.code = problem?.code || "";
    this.remedy = problem?.remedy || "";
  }
}

async function answer_of(response) {
  if (response.ok) return response.status === 204 ? null : response.json();
  throw new Refusal(response.status, await response.json().catch(() => null));
}

export async function get(path) {
  return answer_of(await fetch(path, { headers: { Accept: "application/json" } }));
}

export async function post(path, body = {}) {
  return answer_of(await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }));
}

export const sessions_path = "/api/v1/training/sessions";
export const session_path = (id) => `${sessions_path}/${encodeURIComponent(id)}`;

// Calls hear(kind, event) for each event; the browser connects again by itself. Returns what ends it.
export function listen(hear) {
  const source = new EventSource("/api/v1/events");
  for (const kind of ["session", "node"])
    source.addEventListener(kind, (event) => hear(kind, JSON.parse(event.data)));
  return () => source.close();
}
