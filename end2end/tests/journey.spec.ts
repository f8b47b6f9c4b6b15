import { ask, dayBefore, expect, monthStart, runReport, sheets, signInAs, test } from "./digger.ts";

// Runs twice: once in a full browser and once without JavaScript, because forms have to work before WebAssembly has loaded.

test("a sales person finds a report, runs it, watches it and downloads cells that equal the database", async ({
  page,
  javaScriptEnabled,
}) => {
  await page.goto("/reports/sales/monthly_sales");
  await expect(page, "signed out, every page leads to the sign-in").toHaveURL(/\/signin\?next=/);
  await signInAs(page, /박팀장/);

  if (javaScriptEnabled !== false) {
    await page.getByRole("searchbox").fill("ㅇㅂ ㄱㅇ");
    await page.getByRole("searchbox").fill("월별");
  }
  await page.locator('main a[href="/reports/sales/monthly_sales"]').first().click();
  await expect(page.getByRole("heading", { level: 1, name: "월별 권역 매출" })).toBeVisible();

  // An unusable period is refused beside its field, and what was typed stays.
  await page.getByRole("radio", { name: /직접 선택/ }).check();
  const [from, until] = [monthStart(3), monthStart(0)];
  await page.getByLabel("시작일", { exact: true }).fill(from);
  await page.getByLabel("마지막 날", { exact: true }).fill(dayBefore(from));
  await page.getByRole("button", { name: "보고서 실행" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expect(page.getByLabel("시작일", { exact: true })).toHaveValue(from);

  await page.getByLabel("마지막 날", { exact: true }).fill(dayBefore(until));
  await runReport(page);

  const download = page.getByRole("link", { name: /Excel 내려받기/ });
  if (javaScriptEnabled === false) {
    await expect(async () => {
      await page.reload();
      await expect(download).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000 });
  } else {
    await expect(download).toBeVisible({ timeout: 60_000 });
  }
  await expect(page.getByText("성공").or(page.getByText("완료")).first()).toBeVisible();
  await expect(page.locator("svg[role=img]").first(), "the report's chart").toBeVisible();

  const [file] = await Promise.all([page.waitForEvent("download"), download.click()]);
  expect(file.suggestedFilename()).toMatch(/^월별매출_.*\.xlsx$/);
  const path = test.info().outputPath("workbook.xlsx");
  await file.saveAs(path);

  const expected = await ask(
    `SELECT substr(ordered_at, 1, 7), COUNT(*), SUM(total_amount)
     FROM orders WHERE ordered_at >= ? AND ordered_at < ? AND status <> 'cancelled' GROUP BY 1 ORDER BY 1`,
    [from, until],
  );
  expect(expected).toHaveLength(3);
  const workbook = await sheets(path);
  expect([...workbook.keys()].slice(0, 3)).toEqual(["월별", "권역별 피벗", "지역별"]);
  const rows = workbook.get("월별")!.slice(1, 1 + expected.length);
  expect(rows.map((row) => [(row[0] as Date).toISOString().slice(0, 7), row[1], row[2]])).toEqual(expected);

  const byRegion = await ask(
    `SELECT r.name, COUNT(*), SUM(o.total_amount) FROM orders o JOIN region r ON r.code = o.region_code
     WHERE o.ordered_at >= ? AND o.ordered_at < ? AND o.status <> 'cancelled' GROUP BY substr(o.ordered_at, 1, 7), r.name`,
    [from, until],
  );
  const regions = workbook.get("지역별")!.slice(1, 1 + byRegion.length);
  const plain = (row: unknown[]) => `${row[0]} ${row[1]} ${row[2]}`;
  expect(regions.map((row) => plain([row[2], row[3], row[4]])).sort()).toEqual(byRegion.map(plain).sort());

  // The page shows the same rows, and the run is found again under "my runs".
  await expect(page.getByRole("table").first()).toContainText(Number(expected[0][2]).toLocaleString("en-US"));
  await page.getByRole("link", { name: "내 실행" }).first().click();
  await expect(page.getByRole("main").getByRole("link", { name: "월별 권역 매출" }).first()).toBeVisible();
});
