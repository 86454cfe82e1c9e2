// One session: how far, how fast, what failed, and what can be done about it, here or in a shell.
import { html, useState } from "/vendor/preact-htm.js";
import { Bar, Card, Chart, Stale, State, Trouble, usePolled } from "/parts.js";
import { post, session_path } from "/api.js";
import { bytes, count, rate, span, time } from "/words.js";

const page_size = 50;
const acts = [
  { verb: "pause", label: "Pause", when: (of) => of.state === "running" || of.state === "queued" },
  { verb: "resume", label: "Resume", when: (of) => of.state === "paused" },
  { verb: "retry", label: "Retry failed", when: (of) => ["completed", "failed", "cancelled"].includes(of.state) },
  { verb: "cancel", label: "Cancel", sure: "End this session for good? What is done stays done.",
    when: (of) => ["running", "queued", "paused"].includes(of.state) },
];

function Acts({ of, again }) {
  const [why, complain] = useState(null);
  const [busy, hold] = useState("");
  const act = async (which) => {
    if (which.sure && !confirm(which.sure)) return;
    hold(which.verb);
    try {
      await post(`${session_path(of.session_id)}/${which.verb}`);
      complain(null);
    } catch (refusal) { complain(refusal); }
    hold("");
    again();
  };
  return html`<${Trouble} why=${why} /><div class="acts">${acts.map((each) => html`
    <button key=${each.verb} disabled=${busy !== "" || !each.when(of)} onClick=${() => act(each)}>${each.label}</button>
    <code>trainyard ${each.verb} ${of.session_id}</code>`)}</div>`;
}

function Failures({ id, failed }) {
  const [offset, turn] = useState(0);
  const page = usePolled(`${session_path(id)}/failures?limit=${page_size}&offset=${offset}`, 5);
  const list = page.data?.failures || [];
  if (page.data && failed === 0 && list.length === 0) return html`<p class="soft">No image failed.</p>`;
  return html`<${Stale} of=${page} /><table><thead><tr><th>Image</th><th>Stage</th><th>Code</th><th>Reason</th></tr></thead>
    <tbody>${list.map((each) => html`<tr key=${each.asset}><td>${each.asset}</td><td>${each.stage}</td><td>${each.code}</td><td>${each.reason}</td></tr>`)}</tbody></table>
    <div class="pages"><button disabled=${offset === 0} onClick=${() => turn(Math.max(0, offset - page_size))}>Before</button>
      <button disabled=${!page.data || page.data.next_offset === null} onClick=${() => turn(page.data.next_offset)}>Next</button>
      <code>trainyard failures ${id}</code></div>`;
}

const Shares = ({ report }) => html`<table><thead><tr><th>Device</th><th class="number">Images</th><th class="number">Rate</th>
  <th class="number">Memory</th><th class="number wide">Peak</th><th class="number wide">Collections</th></tr></thead><tbody>
  ${report.devices.map((each) => html`<tr key=${each.id}><td>${each.id} <span class="soft">${each.name}</span></td><td class="number">${count(each.images)}</td>
    <td class="number">${rate(each.images_per_second)}</td><td class="number">${bytes(each.memory.steady_bytes)}</td>
    <td class="number wide">${bytes(each.memory.peak_bytes)}</td><td class="number wide">${count(each.memory.collections)}</td></tr>`)}</tbody></table>`;

export function Session({ id }) {
  const status = usePolled(session_path(id), 2);
  const history = usePolled(`${session_path(id)}/history`, 3);
  const of = status.data;
  if (!of) return html`<h1>${id}</h1>${status.why ? html`<${Trouble} why=${status.why} />` : html`<p class="unknown">not known yet</p>`}`;
  const past = history.data;
  return html`<h1>${id}</h1><${Stale} of=${status} />
    <div class="cards">
      <${Card} label="State" text=${of.state} note=${of.reason} />
      <${Card} label="Embedded" text=${count(of.embedded)} note=${`of ${count(of.total)}${of.total_is_final ? "" : " so far"}`} />
      <${Card} label="Failed" text=${count(of.failed)} note=${`${count(of.skipped)} skipped, ${count(of.pending)} pending`} />
      <${Card} label="Rate" text=${of.state === "running" ? rate(of.images_per_second) : "not running"} note=${of.state === "running" ? `${span(of.eta_seconds)} left` : ""} />
    </div>
    <p><${Bar} of=${of} /></p>
    <h2>Act</h2><div class="sheet"><${Acts} of=${of} again=${status.again} /></div>
    <h2>Throughput, last 15 minutes</h2><div class="sheet">${past && past.at.length > 0
      ? html`<${Chart} title="Images per second of this session" at=${past.at} format=${rate} lines=${[{ label: "this session", values: past.images_per_second, colour: "--accent" }]} />`
      : html`<p class="unknown">This gateway has heard nothing of it yet.</p>`}</div>
    ${of.report && html`<h2>Devices that worked on it</h2><div class="sheet"><${Shares} report=${of.report} /></div>`}
    <h2>Failed images</h2><div class="sheet"><${Failures} id=${id} failed=${of.failed} /></div>
    <h2>Timeline</h2><div class="sheet"><table><tbody>
      <tr><th>Submitted</th><td>${time(of.submitted_at)}</td></tr><tr><th>Started</th><td>${time(of.started_at)}</td></tr><tr><th>Ended</th><td>${time(of.finished_at)}</td></tr>
      <tr><th>Folder</th><td>${of.root && `${of.root}: `}${of.training_directory}</td></tr><tr><th>Model</th><td>${of.model}</td></tr>
      <tr><th>Output</th><td>${of.output}</td></tr><tr><th>Coordinator</th><td>${of.coordinator}</td></tr>
      <tr><th>Devices</th><td>${of.devices.join(", ")}</td></tr></tbody></table></div>`;
}
