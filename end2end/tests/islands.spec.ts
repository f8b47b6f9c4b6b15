import { expect, runReport, signInAs, test } from "./digger.ts";

test("only pages with islands load the client", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith(".wasm")) loaded.push(pathname);
  });
  await page.goto("/signin");
  await signInAs(page, /관리자/);
  await expect.poll(() => loaded.length, "the home page has a search").toBe(1);
  for (const path of ["/runs", "/admin/now", "/admin/reports"]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    expect(loaded, path).toHaveLength(1);
  }
});

test("the search filters while one types, and knows its keys", async ({ page }) => {
  await signInAs(page, /관리자/);
  const tiles = page.locator(".ReportTiles > li:visible");
  const all = await tiles.count();
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox");
  await expect(search).toBeFocused();
  await expect(async () => {
    await search.fill("");
    await search.pressSequentially("ㅇㅂ ㄱㅇ");
    expect(await tiles.count()).toBeLessThan(all);
  }).toPass();
  await expect(page.getByRole("status").first()).toContainText("찾았습니다");
  await search.fill("없는 보고서 이름");
  await expect(page.locator("#search-nothing")).toBeVisible();
  await search.fill("");
  await expect(tiles).toHaveCount(all);
});

test("the menu closes by Escape and leaves the focus on its button", async ({ page }) => {
  await signInAs(page, /관리자/);
  const menu = page.locator("details.Menu");
  await menu.locator("summary").press("Enter");
  await expect(menu).toHaveAttribute("open", "");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(menu).not.toHaveAttribute("open");
  await expect(menu.locator("summary")).toBeFocused();
});

test("choices follow the field they depend on, and say what they dropped", async ({ page }) => {
  await signInAs(page, /관리자/);
  await page.goto("/reports/sales/order_detail");
  const field = (name: string) => page.locator("fieldset").filter({ has: page.locator(`[name="params[${name}]"]`) });
  const regions = page.locator('[name="params[regions]"]');
  const all = await regions.count();
  await field("regions").getByLabel("부산").check();
  await expect(field("regions").locator(".Chip")).toHaveText(/부산/);
  await field("areas").getByLabel("수도권").check();
  await expect(regions).toHaveCount(3);
  expect(all).toBeGreaterThan(3);
  await expect(field("regions").locator(".OptionRemarks")).toContainText("부산");
  await expect(field("regions").locator(".Chip")).toHaveCount(0);
  // Ctrl Enter sends the form from wherever one is, with what was chosen.
  await field("regions").getByLabel("인천").check();
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".RunHead").or(page.getByRole("alert")).first()).toBeVisible();
});

test("the home page follows a run to its end", async ({ page, context }) => {
  await signInAs(page, /관리자/);
  const other = await context.newPage();
  await other.goto("/reports/sales/order_detail");
  await runReport(other);
  const id = new URL(other.url()).pathname.split("/").pop();
  await page.reload();
  const recent = page.locator("#home-recent").locator(`a[href="/runs/${id}"]`);
  await expect(recent).toBeVisible({ timeout: 30_000 });
  await expect(page.locator("#home-running")).toHaveCount(0);
});
