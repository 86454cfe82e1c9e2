// Every device: its memory against its limit (the flat line is the product), its rate, when it was last heard.
import { html } from "/vendor/preact-htm.js";
import { Chart, Stale, State, usePolled } from "/parts.js";
import { bytes, count, rate, span } from "/words.js";

function Device({ node, device, series, at }) {
  const gone = node.state === "gone";
  const limit = device.memory_limit_bytes;
  const memory = series && [
    { label: "memory after a batch", values: series.memory_bytes, colour: "--accent" },
    ...(limit ? [{ label: "limit", values: at.map(() => limit), colour: "--bad", dash: [6, 4] }] : []),
  ];
  return html`<section class="sheet" aria-label=${`${node.node}/${device.id}`}>
    <h2>${node.node}/${device.id} <${State} of=${gone ? "gone" : device.state} /></h2>
    <p class="soft">${device.name || device.kind}, ${device.model} ${device.precision}; heard ${span(node.silent_seconds)} ago</p>
    <p>${gone ? html`<span class="unknown">unknown since it was last heard</span>`
      : html`${rate(device.images_per_second)} while it works, ${count(device.images)} images in ${count(device.batches)} batches;
        memory ${bytes(device.memory_bytes)}, peak ${bytes(device.memory_peak_bytes)}, limit ${bytes(limit)}`}</p>
    ${series && at.length > 1 && html`
      <${Chart} title=${`Memory of ${node.node}/${device.id} against its limit`} at=${at} format=${bytes} lines=${memory} />
      <${Chart} title=${`Images per second of ${node.node}/${device.id}`} at=${at} format=${rate}
        lines=${[{ label: "images per second", values: series.images_per_second, colour: "--good" }]} />`}
  </section>`;
}

export function Devices() {
  const nodes = usePolled("/api/v1/nodes", 2);
  const history = usePolled("/api/v1/history", 3);
  const page = nodes.data;
  const series_of = (node, device) => history.data?.devices.find((each) => each.node === node.node && each.id === device.id);
  return html`<h1>Devices</h1><${Stale} of=${nodes} />
    ${page && !page.connected && html`<div class="notice bad" role="alert">The gateway has no connection to NATS: what follows is what was.</div>`}
    ${page && page.connected && page.nodes.length === 0 && html`<div class="notice" role="status"><b>No worker.</b> None was heard: <code>trainyard worker</code></div>`}
    ${!page && html`<p class="unknown">not known yet</p>`}
    ${(page?.nodes || []).map((node) => html`<div key=${node.node}>
      ${node.devices.map((device) => html`<${Device} key=${device.id} node=${node} device=${device}
        series=${series_of(node, device)} at=${history.data?.at || []} />`)}</div>`)}
    <p class="soft">In a shell: <code>trainyard devices</code></p>`;
}
