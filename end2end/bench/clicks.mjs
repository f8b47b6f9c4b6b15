// From a click on a link to the painted page, in a real browser on a slowed processor.
//
// node clicks.mjs BASE [ROUNDS]: signs in as the demo's administrator, moves between pages ROUNDS times (50) and prints
// { page: [milliseconds, …] } as one line of JSON.
//
// A click and the first painted content of what it leads to are both told by the browser, in one clock. A page of the same
// document, as a client-side router shows it, counts as painted in the frame after its heading has changed.
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";

const SLOWED = 4;
const [base, rounds = "50"] = process.argv.slice(2);

/** Runs in every document before anything of the page. */
function watch() {
  const now = () => performance.timeOrigin + performance.now();
  const heading = () => document.querySelector("h1")?.textContent;
  const done = (at) => {
    if (sessionStorage.clicked && !sessionStorage.painted) sessionStorage.painted = at;
  };
  let before;
  addEventListener("click", (event) => {
    if (!event.target.closest("a")) return;
    before = heading();
    sessionStorage.clicked = now();
    delete sessionStorage.painted;
  }, true);
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) done(performance.timeOrigin + paint.startTime);
  }).observe({ type: "paint", buffered: true });
  new MutationObserver(() => {
    const changed = before !== undefined && heading() !== undefined && heading() !== before;
    if (changed) requestAnimationFrame(() => setTimeout(() => done(now())));
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
const page = await browser.newPage({ locale: "ko-KR" });
await page.addInitScript(watch);
await page.goto(`${base}/signin`);
await page.locator('[name="login"]').first().fill("admin");
await page.locator('[name="password"]').first().fill("digger-demo");
await page.locator('form:has([name="password"]) button[type="submit"], form:has([name="password"]) button:not([type])').first().click();
await page.waitForURL(`${base}/`);
const session = await page.context().newCDPSession(page);
await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });

/** Clicks the first visible link to an address and returns how long it took until that page was painted. */
async function move(address) {
  const link = page.locator(`a[href="${address}"]:visible`).first();
  await link.hover();
  await page.evaluate(() => { delete sessionStorage.clicked; delete sessionStorage.painted; });
  await link.click({ noWaitAfter: true });
  await page.waitForURL(`${base}${address}`);
  await page.waitForFunction(() => sessionStorage.clicked && sessionStorage.painted);
  return page.evaluate(() => Number(sessionStorage.painted) - Number(sessionStorage.clicked));
}

const FORM = "/reports/sales/daily_sales";
const times = { "/": [], "/runs": [], [FORM]: [] };
for (let round = -2; round < Number(rounds); round += 1) {
  for (const address of ["/runs", "/", FORM, "/"]) {
    const took = await move(address);
    // The first rounds fill the browser's caches.
    if (round >= 0) times[address].push(took);
    await page.waitForLoadState("networkidle");
  }
}
await browser.close();
console.log(JSON.stringify(times));
