// Failed images of all sessions, by session, with the one thing that can be done about them.
import { html, useState } from "/vendor/preact-htm.js";
import { Card, Stale, State, Trouble, usePolled } from "/parts.js";
import { post, session_path } from "/api.js";
import { count } from "/words.js";

const page_size = 50;
const ended = (state) => ["completed", "failed", "cancelled"].includes(state);

// Neighbours of one session, in the order in which they came.
function by_session(failures) {
  const groups = [];
  for (const each of failures) {
    if (groups.at(-1)?.id !== each.session_id) groups.push({ id: each.session_id, state: each.session_state, images: [] });
    groups.at(-1).images.push(each);
  }
  return groups;
}

function Group({ of, again }) {
  const [why, complain] = useState(null);
  const [busy, hold] = useState(false);
  const retry = async () => {
    hold(true);
    try {
      await post(`${session_path(of.id)}/retry`);
      complain(null);
    } catch (refusal) { complain(refusal); }
    hold(false);
    again();
  };
  return html`<section class="sheet" aria-label=${of.id}>
    <h2><a href=${`#/sessions/${of.id}`}>${of.id}</a> <${State} of=${of.state} /></h2><${Trouble} why=${why} />
    <div class="acts"><button disabled=${busy || !ended(of.state)} onClick=${retry}>Retry failed</button>
      <code>trainyard retry ${of.id}</code></div>
    <table><thead><tr><th>Image</th><th class="wide">Stage</th><th>Code</th><th>Reason</th><th class="number wide">Tries</th></tr></thead>
    <tbody>${of.images.map((each) => html`<tr key=${each.asset}><td>${each.asset}</td><td class="wide">${each.stage}</td><td>${each.code}</td>
      <td>${each.reason}</td><td class="number wide">${count(each.attempts)}</td></tr>`)}</tbody></table></section>`;
}

export function DeadLetters() {
  const [offset, turn] = useState(0);
  const page = usePolled(`/api/v1/failures?limit=${page_size}&offset=${offset}`, 5);
  const data = page.data;
  return html`<h1>Dead letters</h1><${Stale} of=${page} />
    <div class="cards"><${Card} label="Failed images" text=${count(data?.total)} note=${data ? data.sessions === 1 ? "of one session" : `of ${count(data.sessions)} sessions` : ""} /></div>
    ${!data && html`<p class="unknown">not known yet</p>`}
    ${data && data.total === 0 && html`<p class="soft">No image failed.</p>`}
    ${(data?.unreadable || []).map((id) => html`<div class="notice" role="status" key=${id}>The failures of <a href=${`#/sessions/${id}`}>${id}</a> cannot
      be read now: its coordinator does not answer, or its output is gone.</div>`)}
    <div class="groups">${data && by_session(data.failures).map((each) => html`<${Group} key=${each.id} of=${each} again=${page.again} />`)}</div>
    ${data && data.total > 0 && html`<div class="pages"><button disabled=${offset === 0} onClick=${() => turn(Math.max(0, offset - page_size))}>Newer</button>
      <span class="soft">${data.failures.length === 0 ? "none" : `${count(offset + 1)} to ${count(offset + data.failures.length)}`} of ${count(data.total)}</span>
      <button disabled=${data.next_offset === null} onClick=${() => turn(data.next_offset)}>Older</button>
      <code>trainyard failures ID</code></div>`}`;
}
