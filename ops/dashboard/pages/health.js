// What is wrong with the fleet and what to do about it; what waits in its streams.
import { html } from "/vendor/preact-htm.js";
import { Card, Stale, usePolled } from "/parts.js";
import { bytes, count, unknown } from "/words.js";

const words = { good: "good", warning: "warning", bad: "bad", unknown };

function Checks({ of }) {
  return html`<table><thead><tr><th>Check</th><th>State</th><th>What is seen</th></tr></thead>
    <tbody>${of.map((each) => html`<tr key=${each.check}><td>${each.check}</td><td><span class=${`state ${each.verdict}`}>${words[each.verdict]}</span></td>
      <td>${each.text}${each.remedy && html`<div class="soft">${each.remedy}</div>`}</td></tr>`)}</tbody></table>`;
}

function Streams({ of }) {
  if (of.length === 0) return html`<p class="unknown">What waits in the streams is not known.</p>`;
  return html`<table><thead><tr><th>Stream</th><th class="number">Messages</th><th class="number">Stored</th><th class="number">Limit</th>
    <th class="number wide">Consumers</th></tr></thead>
    <tbody>${of.map((each) => html`<tr key=${each.name}><td>${each.name}</td><td class="number">${count(each.messages)}</td>
      <td class="number">${each.bytes === 0 ? "0 B" : bytes(each.bytes)}</td><td class="number">${each.max_bytes === 0 ? "none" : bytes(each.max_bytes)}</td>
      <td class="number wide">${count(each.consumers)}</td></tr>`)}</tbody></table>`;
}

export function Health() {
  const page = usePolled("/api/v1/health", 5);
  const data = page.data;
  const number_of = (verdict) => data?.checks.filter((each) => each.verdict === verdict).length;
  return html`<h1>Health</h1><${Stale} of=${page} />
    <div class="cards">
      <${Card} label="Fleet" text=${!data ? unknown : data.ok ? "works" : "needs somebody"} />
      <${Card} label="Bad" text=${count(number_of("bad"))} />
      <${Card} label="Warnings" text=${count(number_of("warning"))} />
    </div>
    <h2>Checks</h2><div class="sheet">${data ? html`<${Checks} of=${data.checks} />` : html`<p class="unknown">not known yet</p>`}</div>
    <h2>Streams</h2><div class="sheet">${data ? html`<${Streams} of=${data.streams} />` : html`<p class="unknown">not known yet</p>`}</div>
    <p class="soft">On one machine: <code>trainyard doctor --role worker</code></p>`;
}
