import { expect, runReport, signInAs, test } from "./digger.ts";

test("the page Now follows what happens and keeps the focus", async ({ page, context }) => {
  await signInAs(page, /관리자/);
  await page.getByRole("link", { name: "운영 현황" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "운영 현황" })).toBeVisible();

  // The button is the same one afterwards: keyboard and screen reader stay where they are.
  await page.getByRole("button", { name: /^일시 중지 – shop$/ }).press("Enter");
  await expect(page.getByRole("status")).toContainText("일시 중지했습니다");
  const resume = page.getByRole("button", { name: /^다시 시작 – shop$/ });
  await expect(resume).toBeFocused();
  expect(new URL(page.url()).search).toBe("");

  const other = await context.newPage();
  await other.goto("/reports/sales/daily_sales");
  await runReport(other);
  const id = new URL(other.url()).pathname.split("/").pop();
  await other.close();

  // It comes by itself, and nobody loses the focus for it.
  const row = page.locator(`[id="run-${id}"]`);
  await expect(row).toContainText("관리자가 데이터베이스 shop");
  await expect(resume).toBeFocused();
  await resume.press("Enter");
  await expect(row).toHaveCount(0, { timeout: 60_000 });
});

test("updates of the page Now can be stopped, and stop by themselves where nobody is signed in", async ({ page, context }) => {
  await signInAs(page, /관리자/);
  await page.goto("/admin/now");
  let asked = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/admin/now") asked += 1;
  });
  const looks = () => page.waitForRequest((request) => request.url().endsWith("/admin/now"), { timeout: 15_000 });
  await looks();
  const control = page.getByRole("button", { name: "자동 갱신 멈추기" });
  await control.click();
  await expect(page.getByRole("button", { name: "자동 갱신 시작" })).toBeVisible();
  const before = asked;
  await expect(looks()).rejects.toThrow();
  expect(asked).toBe(before);

  await context.clearCookies();
  await page.getByRole("button", { name: "자동 갱신 시작" }).click();
  await expect(page.getByRole("status")).toContainText("다시 로그인하세요");
});
