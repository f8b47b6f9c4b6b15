import AxeBuilder from "@axe-core/playwright";
import { expect, runReport, signInAs, test } from "./digger.ts";
import type { Page } from "@playwright/test";

// Runs on the desktop in Korean and light, and on a phone in English and dark.

async function expectAccessible(page: Page) {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const lines = found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(" ")} ${node.failureSummary}`));
  expect(lines).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page) {
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(inner).toBeLessThanOrEqual(outer);
}

test("the sign-in page", async ({ page }) => {
  await page.goto("/signin");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("every page of an administrator is accessible and fits its screen", async ({ page }) => {
  await signInAs(page, /관리자|Administrator/);
  for (const path of [
    "/",
    "/reports/sales/monthly_sales",
    "/reports/sales/order_detail",
    "/runs",
    "/admin/now",
    "/admin/reports",
    "/reports/sales/no_such_report",
    "/no-such-page",
  ]) {
    await test.step(path, async () => {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    });
  }
});

test("a running and a finished run", async ({ page }) => {
  await signInAs(page, /관리자|Administrator/);
  // No news, so that the page does not move on to the result while it is looked at.
  const news = /\/events\/|\/api\/run\/live/;
  await page.route(news, (route) => route.abort());
  await page.goto("/reports/sales/monthly_sales");
  await runReport(page);
  await expectAccessible(page);
  await page.unroute(news);
  await page.reload();
  await expect(page.getByRole("link", { name: /Excel 내려받기|Download Excel/ })).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  // The next period's values come from this run.
  await page.getByRole("link", { name: /값 바꿔 실행|Change values/ }).click();
  await expect(page.getByRole("button", { name: /보고서 실행|Run report/ })).toBeVisible();
});

test("a result of today that is offered", async ({ page }) => {
  await signInAs(page, /관리자|Administrator/);
  await page.goto("/reports/sales/daily_sales");
  await runReport(page);
  await expect(page.getByRole("link", { name: /Excel 내려받기|Download Excel/ })).toBeVisible({ timeout: 60_000 });
  const address = page.url();
  await page.goto("/reports/sales/daily_sales");
  await page.getByRole("button", { name: /보고서 실행|Run report/ }).click();
  await expect(page.getByRole("alert")).toContainText(/같은 값으로 실행한 결과|The same values were run/);
  await expect(page.getByRole("button", { name: /새로 실행|Run anew/ })).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.getByRole("link", { name: /그 결과 쓰기|Use that result/ }).click();
  await expect(page).toHaveURL(address);
});

test("language and appearance are kept", async ({ page }) => {
  await signInAs(page, /재무 담당자|Choi/);
  await page.request.post("/language", { form: { lang: "en", next: "/" }, headers: { origin: new URL(page.url()).origin } });
  await page.request.post("/theme", { form: { theme: "dark", next: "/" }, headers: { origin: new URL(page.url()).origin } });
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { level: 1, name: "My reports" })).toBeVisible();
  await expectAccessible(page);
});
