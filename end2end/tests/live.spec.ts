import { expect, runReport, signInAs, test } from "./digger.ts";

test("a run is watched to its end although events do not come through", async ({ page }) => {
  let refused = 0;
  await page.route("**/events/**", (route) => {
    refused += 1;
    return route.abort();
  });
  await signInAs(page, /관리자/);
  // A month of order lines takes a few seconds: the page is there before its end.
  await page.goto("/reports/sales/order_detail");
  await runReport(page);
  await expect(page.getByRole("link", { name: /Excel 내려받기/ })).toBeVisible({ timeout: 60_000 });
  expect(refused, "the page tried the event stream first").toBeGreaterThan(0);
});

test("a closed window does not stop a run", async ({ page, context }) => {
  await signInAs(page, /관리자/);
  await page.goto("/reports/sales/daily_sales");
  await runReport(page);
  const address = page.url();
  await page.close();
  const later = await context.newPage();
  await later.goto(address);
  await expect(later.getByRole("link", { name: /Excel 내려받기/ })).toBeVisible({ timeout: 60_000 });
});
