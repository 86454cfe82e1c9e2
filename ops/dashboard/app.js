// The frame: which page, whether we are let in, and whether events come.
import { html, render, useEffect, useState } from "/vendor/preact-htm.js";
import { get, listen } from "/api.js";
import { DeadLetters } from "/pages/deadletters.js";
import { Devices } from "/pages/devices.js";
import { Health } from "/pages/health.js";
import { Login } from "/pages/login.js";
import { Overview } from "/pages/overview.js";
import { Session } from "/pages/session.js";
import { Sessions } from "/pages/sessions.js";

const pages = [
  { at: "#/", name: "Overview" },
  { at: "#/sessions", name: "Sessions" },
  { at: "#/devices", name: "Devices" },
  { at: "#/failures", name: "Dead letters" },
  { at: "#/health", name: "Health" },
];

function Page({ at }) {
  const session = at.match(/^#\/sessions\/([A-Za-z0-9_-]{1,64})$/);
  if (session) return html`<${Session} key=${session[1]} id=${session[1]} />`;
  if (at === "#/sessions") return html`<${Sessions} />`;
  if (at === "#/devices") return html`<${Devices} />`;
  if (at === "#/failures") return html`<${DeadLetters} />`;
  if (at === "#/health") return html`<${Health} />`;
  return html`<${Overview} />`;
}

function App() {
  const [at, go] = useState(location.hash || "#/");
  const [entry, enter] = useState("asking");
  const [heard, hear] = useState(0);
  const [now, tick] = useState(Date.now());
  const knock = () => get("/api/v1/nodes").then(() => enter("in"), (why) => enter(why.status === 401 ? "login" : "in"));
  useEffect(() => {
    const moved = () => go(location.hash || "#/");
    addEventListener("hashchange", moved);
    knock();
    return () => removeEventListener("hashchange", moved);
  }, []);
  useEffect(() => {
    if (entry !== "in") return undefined;
    const timer = setInterval(() => tick(Date.now()), 1000);
    const end = listen(() => hear(Date.now()));
    return () => { clearInterval(timer); end(); };
  }, [entry]);
  if (entry === "asking") return null;
  if (entry === "login") return html`<${Login} done=${knock} />`;
  const quiet = heard ? Math.round((now - heard) / 1000) : null;
  return html`<header><strong>trainyard</strong>
    <nav aria-label="Pages">${pages.map((each) => {
      const here = each.at === at || (each.at === "#/sessions" && at.startsWith("#/sessions/"));
      return html`<a href=${each.at} aria-current=${here ? "page" : undefined}>${each.name}</a>`;
    })}</nav>
    <span class="soft" role="status">${quiet === null ? "no event heard yet" : quiet > 5 ? `no event for ${quiet} s` : "live"}</span></header>
    <main><${Page} at=${at} /></main>`;
}

render(html`<${App} />`, document.getElementById("app"));
