// Small things that all pages show: states, progress, notices, charts, data that is asked for again and again.
import { html, useState, useEffect, useRef } from "/vendor/preact-htm.js";
import { get } from "/api.js";
import { count, unknown } from "/words.js";

export const State = ({ of }) => html`<span class=${`state ${of}`}>${of || unknown}</span>`;

export const Value = ({ text }) => html`<span class=${text === unknown ? "unknown" : ""}>${text}</span>`;

export function Card({ label, text, note }) {
  return html`<div class="card"><span>${label}</span><b><${Value} text=${text} /></b>
    ${note && html`<span>${note}</span>`}</div>`;
}

export function Bar({ of }) {
  const done = of.embedded + of.failed + of.skipped;
  const label = `${count(done)} of ${count(of.total)}`;
  if (!of.total) return html`<span class="unknown">not counted yet</span>`;
  return html`<progress max=${of.total} value=${done} aria-label=${label}></progress>
    <div class="soft">${label}${of.total_is_final ? "" : " so far"}${of.failed ? `, ${count(of.failed)} failed` : ""}</div>`;
}

export function Trouble({ why }) {
  if (!why) return null;
  return html`<div class="notice bad" role="alert">${why.message}${why.code && html` <code>${why.code}</code>`}
    ${why.remedy && html`<div class="soft">${why.remedy}</div>`}</div>`;
}

// Asks for `path` now and every `seconds`; keeps what it had when an answer fails, and says since when it is old.
export function usePolled(path, seconds) {
  const [had, put] = useState({ path: null, data: null, at: 0, why: null });
  const [, tick] = useState(0);
  const [turn, next] = useState(0);
  useEffect(() => {
    let over = false;
    const ask = async () => {
      try {
        const data = await get(path);
        if (!over) put({ path, data, at: Date.now(), why: null });
      } catch (why) {
        if (!over) put((old) => ({ ...(old.path === path ? old : { path, data: null, at: 0 }), why }));
      }
    };
    ask();
    const timers = [setInterval(ask, seconds * 1000), setInterval(() => tick((n) => n + 1), 1000)];
    return () => { over = true; timers.forEach(clearInterval); };
  }, [path, seconds, turn]);
  const mine = had.path === path ? had : { data: null, at: 0, why: null };
  const age = mine.at ? (Date.now() - mine.at) / 1000 : null;
  return { ...mine, stale: mine.at > 0 && age > seconds + 5 ? Math.round(age) : 0, again: () => next((n) => n + 1) };
}

export function Stale({ of }) {
  return html`<${Trouble} why=${of.why} />
    ${of.stale > 0 && html`<div class="notice" role="status">These figures are ${of.stale} s old: the gateway does not answer.</div>`}`;
}

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// `lines`: {label, values, colour, dash}; null in the values leaves a gap, which is not 0.
export function Chart({ at, lines, format, title, floor }) {
  const box = useRef(null);
  const plot = useRef(null);
  useEffect(() => {
    const grid = { stroke: ink("--line"), width: 1 };
    const options = {
      width: box.current.clientWidth, height: 190, legend: { show: lines.length > 1, live: false }, cursor: { drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (u, low, high) => [floor ?? 0, high > 0 ? high * 1.08 : 1] } },
      axes: [{ stroke: ink("--soft"), grid }, { stroke: ink("--soft"), grid, size: 86, values: (u, ticks) => ticks.map((each) => (each === 0 ? "0" : format(each))) }],
      series: [{}, ...lines.map((each) => ({
        label: each.label, stroke: ink(each.colour), width: 2, dash: each.dash, spanGaps: false,
        points: { show: false },
      }))],
    };
    plot.current = new uPlot(options, [at, ...lines.map((each) => each.values)], box.current);
    const resized = new ResizeObserver(() => plot.current.setSize({ width: box.current.clientWidth, height: 190 }));
    resized.observe(box.current);
    return () => { resized.disconnect(); plot.current.destroy(); };
  }, [lines.map((each) => each.label).join()]);
  useEffect(() => plot.current.setData([at, ...lines.map((each) => each.values)]), [at, lines]);
  return html`<div class="chart" role="img" aria-label=${title} ref=${box}></div>`;
}
