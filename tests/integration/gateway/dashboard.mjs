// The dashboard in headless Chromium: dashboard.mjs PORT SESSION clicks through it, --look says whether that can be.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import assert from "node:assert/strict";

const require = createRequire(import.meta.url); // it looks in NODE_PATH, which import does not
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
const executablePath = places.find((each) => each && existsSync(each));
if (process.argv[2] === "--look") process.exit(executablePath ? 0 : 1);

const [port, session] = process.argv.slice(2);
const shots = process.env.DASHBOARD_SCREENSHOTS || "";
const patience = { timeout: 90_000 };
const done = [];
const complaints = [];

const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu", "--disable-quic",
  "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("dialog", (dialog) => dialog.accept());

async function step(name, act) {
  try {
    await act();
  } catch (error) {
    await shoot("where-it-stopped");
    throw new Error(`${name}: ${error.message}\nthe page complained: ${complaints.join("; ")}`);
  }
  done.push(name);
}
const sees = (text) => page.getByText(text).first().waitFor(patience);
const shoot = (name) => (shots ? page.screenshot({ path: join(shots, `dashboard-${name}.png`) }) : undefined);
const menu = (name) => page.getByRole("link", { name, exact: true }).click();
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const card = (label) => page.locator(".card", { hasText: label }).locator("b");

async function is_accessible(where) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe); // a script element is against the policy
  const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  const grave = found.violations.filter((each) => each.impact === "serious" || each.impact === "critical");
  assert.deepEqual(grave.map((each) => `${where}: ${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`), []);
}

await step("the overview says that there is no worker", async () => {
  await page.goto(`http://127.0.0.1:${port}/`);
  await sees("No worker.");
  await sees("live");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  console.log(`first paint after ${Math.round(paint)} ms`);
});
await step("devices says so too", async () => { await menu("Devices"); await sees("No worker."); });
await step("sessions lists the session, and its link opens it", async () => {
  await menu("Sessions");
  await page.getByRole("link", { name: session, exact: true }).click();
  await sees("no worker");
});
await step("pause pauses", async () => { await press("Pause"); await page.locator(".card b", { hasText: "paused" }).waitFor(patience); });
await step("the shell's command stands beside the button", () => sees(`trainyard resume ${session}`));
await step("resume resumes", async () => { await press("Resume"); await page.locator(".card b", { hasText: "running" }).waitFor(patience); });

await step("health tells what needs somebody, with a remedy", async () => {
  await menu("Health");
  await sees("sessions wait for one");
  await sees("start one: trainyard worker");
  await sees("TRAINYARD_WORK");
  await is_accessible("health");
  await shoot("health");
});
await step("no image has failed yet", async () => { await menu("Dead letters"); await sees("No image failed."); });

await step("a new session is submitted by the form", async () => {
  await menu("Sessions");
  await page.getByText("New session").click();
  await page.getByLabel("Root", { exact: true }).fill("photos");
  await press("Submit");
  await sees("trainyard cancel session-");
});
await step("cancel ends it", async () => { await press("Cancel"); await page.locator(".card b", { hasText: "cancelled" }).waitFor(patience); });
await step("what the gateway refuses is told with its code", async () => {
  await menu("Sessions");
  await page.getByText("New session").click();
  await page.getByLabel(/^Folder/).fill("not-there");
  await page.getByLabel("Root", { exact: true }).fill("photos");
  await press("Submit");
  await sees("TY1101");
});
await step("sessions can be filtered by state", async () => {
  await page.getByLabel("State").selectOption("cancelled");
  await page.waitForFunction((id) => !document.querySelector("main").innerText.includes(`${id}\t`) &&
    document.querySelectorAll("main tbody tr").length === 1, session, patience);
  await is_accessible("sessions");
});

console.error("wants a worker");
await step("progress comes once a worker does", async () => {
  await page.getByLabel("State").selectOption("");
  await page.getByRole("link", { name: session, exact: true }).click();
  await page.waitForFunction(() => Number([...document.querySelectorAll(".card")].find((each) => each.innerText.startsWith("Embedded"))
    ?.querySelector("b").innerText) > 0, null, patience);
  await page.locator(".chart canvas").first().waitFor(patience);
  await is_accessible("session");
  await shoot("session");
});
await step("devices shows memory against its limit", async () => {
  await menu("Devices");
  await page.locator(".chart canvas").first().waitFor(patience);
  await sees("limit");
  await is_accessible("devices");
  await shoot("devices");
});
await step("the overview shows the rate and the devices", async () => {
  await menu("Overview");
  await page.waitForFunction(() => /img\/s/.test(document.querySelector(".card b")?.innerText), null, patience);
  await is_accessible("overview");
  await shoot("overview");
});
await step("the session completes, and shows the devices that worked on it", async () => {
  await page.goto(`http://127.0.0.1:${port}/#/sessions/${session}`);
  await page.locator(".card b", { hasText: "completed" }).waitFor(patience);
  await sees("Devices that worked on it");
  await sees("No image failed.");
});
await step("dead letters are listed by session, and tried again by a button", async () => {
  await menu("Dead letters");
  await sees("not-a-picture.jpg");
  await sees("TY2101");
  await sees("trainyard retry broken");
  await is_accessible("dead letters");
  await shoot("deadletters");
  const [answer] = await Promise.all([page.waitForResponse((each) => each.url().endsWith("/broken/retry")), press("Retry failed")]);
  assert.equal(answer.status(), 200);
});
await step("the keyboard reaches the pages", async () => {
  await page.reload();
  await sees("completed");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#/", null, patience);
});
await step("a phone needs no sideways scrolling, in the dark", async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  for (const each of ["#/", "#/sessions", "#/devices", "#/failures", "#/health", `#/sessions/${session}`]) {
    await page.goto(`http://127.0.0.1:${port}/${each}`);
    await page.locator("h1").waitFor(patience);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${each} is too wide`);
    await is_accessible(`${each} in the dark`);
  }
  await shoot("phone");
});
await step("an id that nobody knows is told", async () => {
  await page.goto(`http://127.0.0.1:${port}/#/sessions/nobody`);
  await sees("TY1602");
});
await browser.close();
// A refusal that we asked for is a line of the browser's own; a policy that was broken is not.
const grave = complaints.filter((each) => !/status of (404|422)/.test(each));
assert.deepEqual(grave, []);
console.log(done.map((each) => `ok ${each}`).join("\n"));
