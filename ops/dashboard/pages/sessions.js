// All sessions, newest first, page by page, and a form for a new one.
import { html, useState } from "/vendor/preact-htm.js";
import { Bar, Stale, State, Trouble, usePolled } from "/parts.js";
import { post, sessions_path } from "/api.js";
import { count, time } from "/words.js";

const page_size = 50;

function Submit({ done }) {
  const [why, complain] = useState(null);
  const [busy, hold] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    const body = { training_directory: fields.get("directory") };
    if (fields.get("root")) body.root = fields.get("root");
    hold(true);
    try {
      const made = await post(sessions_path, body);
      location.hash = `#/sessions/${made.session_id}`;
      done();
    } catch (refusal) { complain(refusal); }
    hold(false);
  };
  return html`<details class="sheet"><summary>New session</summary><form onSubmit=${submit}>
    <${Trouble} why=${why} /><p><label>Folder below the root, or absolute <input name="directory" required value="." /></label></p>
    <p><label>Root <input name="root" placeholder="photos" /></label></p>
    <button disabled=${busy}>Submit</button> <code>trainyard submit DIR --root NAME</code></form></details>`;
}

export function Sessions() {
  const [state, choose] = useState("");
  const [offset, turn] = useState(0);
  const page = usePolled(`${sessions_path}?limit=${page_size}&offset=${offset}${state && `&state=${state}`}`, 3);
  const data = page.data;
  return html`<h1>Sessions</h1><${Stale} of=${page} /><${Submit} done=${page.again} />
    <div class="pages"><label>State <select value=${state} onChange=${(event) => { choose(event.target.value); turn(0); }}>
      <option value="">all</option>${(data?.states || []).map((each) => html`<option value=${each.state}>${each.state} (${each.sessions})</option>`)}
    </select></label></div>
    <div class="sheet"><table><thead><tr><th>Session</th><th>State</th><th>Progress</th><th class="wide">Folder</th><th class="wide">Submitted</th></tr></thead>
    <tbody>${(data?.sessions || []).map((each) => html`<tr key=${each.session_id}>
      <td><a href=${`#/sessions/${each.session_id}`}>${each.session_id}</a></td>
      <td><${State} of=${each.state} /><div class="soft">${each.reason}</div></td><td><${Bar} of=${each} /></td>
      <td class="wide">${each.root && `${each.root}: `}${each.training_directory}</td><td class="wide">${time(each.submitted_at)}</td></tr>`)}</tbody></table>
    ${data && data.sessions.length === 0 && html`<p class="soft">No session${state && ` is ${state}`}.</p>`}</div>
    ${data && html`<div class="pages"><button disabled=${offset === 0} onClick=${() => turn(Math.max(0, offset - page_size))}>Newer</button>
      <span class="soft">${data.total === 0 ? "0" : `${offset + 1} to ${offset + data.sessions.length}`} of ${count(data.total)}</span>
      <button disabled=${data.next_offset === null} onClick=${() => turn(data.next_offset)}>Older</button></div>`}`;
}
