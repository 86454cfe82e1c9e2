// The wall screen: how fast, how long still, who works and why not.
import { html } from "/vendor/preact-htm.js";
import { Bar, Card, Chart, Stale, State, usePolled } from "/parts.js";
import { sessions_path } from "/api.js";
import { count, rate, span } from "/words.js";

const live = (node) => node.state === "live" || node.state === "draining";

function why_idle(node, running) {
  if (!live(node)) return `not heard for ${span(node.silent_seconds)}`;
  if (node.in_hand > 0) return `busy: ${count(node.in_hand)} batches in hand`;
  if (node.devices.every((each) => each.state !== "ready")) return "no device is ready";
  return running ? "idle: no work for it" : "idle: nothing runs";
}

function Workers({ page, running }) {
  if (!page) return html`<p class="unknown">Workers are not known yet.</p>`;
  if (!page.connected) return html`<div class="notice bad" role="alert">The gateway has no connection to NATS: nothing here is known.</div>`;
  if (!page.nodes.some(live))
    return html`<div class="notice" role="status"><b>No worker.</b> Sessions wait until one starts: <code>trainyard worker</code></div>`;
  return html`<table><thead><tr><th>Worker</th><th>State</th><th>Doing</th><th class="number">Devices</th></tr></thead>
    <tbody>${page.nodes.map((node) => html`<tr key=${node.node}><td>${node.node}</td><td><${State} of=${node.state} /></td>
      <td>${why_idle(node, running)}</td><td class="number">${node.devices.length}</td></tr>`)}</tbody></table>`;
}

function Running({ sessions }) {
  if (sessions.length === 0) return html`<p class="soft">No session runs. To start one: <code>trainyard submit DIR --root NAME</code></p>`;
  return html`<table><thead><tr><th>Session</th><th>State</th><th>Progress</th><th class="number">Rate</th><th class="number wide">Time left</th></tr></thead>
    <tbody>${sessions.map((each) => html`<tr key=${each.session_id}>
      <td><a href=${`#/sessions/${each.session_id}`}>${each.session_id}</a></td>
      <td><${State} of=${each.state} /><div class="soft">${each.reason}</div></td><td><${Bar} of=${each} /></td>
      <td class="number">${rate(each.images_per_second)}</td><td class="number wide">${span(each.eta_seconds)}</td></tr>`)}</tbody></table>`;
}

export function Overview() {
  const list = usePolled(`${sessions_path}?state=running&limit=50`, 2);
  const nodes = usePolled("/api/v1/nodes", 2);
  const history = usePolled("/api/v1/history", 5);
  const sessions = list.data?.sessions;
  const of_state = (name) => list.data?.states.find((each) => each.state === name)?.sessions;
  const etas = (sessions || []).map((each) => each.eta_seconds);
  const eta = etas.length === 0 || etas.includes(null) ? null : Math.max(...etas);
  const known = nodes.data?.connected ? nodes.data.nodes : null;
  const devices = known?.filter(live).flatMap((each) => each.devices.map((device) => ({ device, busy: each.in_hand > 0 })));
  const now = sessions && sessions.reduce((sum, each) => sum + each.images_per_second, 0);
  return html`<h1>Overview</h1><${Stale} of=${list} />
    <div class="cards">
      <${Card} label="Rate" text=${rate(now)} note="all sessions" />
      <${Card} label="Time left" text=${sessions?.length === 0 ? "nothing runs" : span(eta)} note="of the longest session" />
      <${Card} label="Running" text=${count(of_state("running"))} note=${`${count(of_state("queued"))} queued, ${count(of_state("paused"))} paused`} />
      <${Card} label="Devices" text=${count(devices?.length)} note=${devices ? `${devices.filter((each) => each.busy).length} busy` : ""} />
    </div>
    <h2>Images per second, last 15 minutes</h2>
    <div class="sheet">${history.data && html`<${Chart} title="Images per second over the last 15 minutes" at=${history.data.at} format=${rate}
      lines=${[{ label: "all sessions", values: history.data.images_per_second, colour: "--accent" }]} />`}</div>
    <h2>Running sessions</h2><div class="sheet">${sessions ? html`<${Running} sessions=${sessions} />` : html`<p class="unknown">not known yet</p>`}</div>
    <h2>Workers</h2><div class="sheet"><${Workers} page=${nodes.data} running=${sessions?.length > 0} /></div>`;
}
