import { expect, test as base, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import initSqlJs from "sql.js";
import readExcelFile from "read-excel-file/node";

/** The demo shop the server under test reads from. */
const shop = fileURLToPath(new URL("../../target/e2e-data/shop.sqlite", import.meta.url));

/** A test that fails when the page writes an error to the console or throws. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        // The browser itself reports every 4xx navigation; the tests look at those pages on purpose.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await use();
      expect(complaints, "the page complained").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Signs in as one of the demo people, through the card a visitor would click. */
export async function signInAs(page: Page, name: RegExp) {
  await page.goto("/signin");
  await page.getByRole("button", { name }).click();
  await expect(page).toHaveURL(/\/$/);
}

/** Presses the form's button, and runs anew when there is a result of today already: the projects run the same reports. */
export async function runReport(page: Page) {
  await page.getByRole("button", { name: /보고서 실행|Run report/ }).click();
  const anew = page.getByRole("button", { name: /새로 실행|Run anew/ });
  await expect(anew.or(page.locator(".RunHead"))).toBeVisible();
  if (await anew.isVisible()) await anew.click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]+$/);
}

/** The database's own answer, by another SQLite than the server's. */
export async function ask(sql: string, values: (string | number)[]): Promise<unknown[][]> {
  const sqlite = await initSqlJs();
  const database = new sqlite.Database(readFileSync(shop));
  try {
    return database.exec(sql, values)[0]?.values ?? [];
  } finally {
    database.close();
  }
}

/** The sheets of a workbook by another reader than the ones the server is tested with. */
export async function sheets(path: string): Promise<Map<string, unknown[][]>> {
  const read = (await readExcelFile(path)) as { sheet: string; data: unknown[][] }[];
  return new Map(read.map(({ sheet, data }) => [sheet, data]));
}

/** The first day of the month `back` months before this one, as 2026-08-01. */
export function monthStart(back: number): string {
  const today = new Date(Date.now() + 9 * 3_600_000);
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1)).toISOString().slice(0, 10);
}

/** The day before. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}
