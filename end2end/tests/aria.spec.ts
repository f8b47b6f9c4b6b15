import { expect, signInAs, test } from "./digger.ts";

// What a screen reader is told, in Korean: names, roles, order and states. Written anew with
// `scripts/e2e.sh aria --update-snapshots`, and read before it is committed.

test("the sign-in page as a screen reader has it", async ({ page }) => {
  await page.goto("/signin");
  await expect(page.locator("body")).toMatchAriaSnapshot({ name: "sign_in.aria.yml" });
});

test("a form as a screen reader has it", async ({ page }) => {
  await signInAs(page, /관리자/);
  await page.goto("/reports/sales/product_ranking");
  await expect(page.getByRole("main").locator("form").first()).toMatchAriaSnapshot({ name: "form.aria.yml" });
});

test("the page of an address that leads nowhere", async ({ page }) => {
  await signInAs(page, /관리자/);
  await page.goto("/no-such-page");
  await expect(page.locator("body")).toMatchAriaSnapshot({ name: "nowhere.aria.yml" });
});
