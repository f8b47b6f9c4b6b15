import { expect, signInAs, test } from "./digger.ts";

test("a wrong password is refused without saying which part was wrong", async ({ page }) => {
  await page.goto("/signin");
  await page.getByLabel("아이디").fill("nobody");
  await page.getByLabel("비밀번호").fill("wrong");
  await page.locator("form.SignIn-form button").click();
  await expect(page.getByRole("alert")).toContainText("아이디 또는 비밀번호");
  await expect(page.getByLabel("아이디")).toHaveValue("nobody");
});

test("a tampered form is refused and loses nothing", async ({ page }) => {
  await signInAs(page, /관리자/);
  await page.goto("/reports/sales/order_detail");
  await page.getByLabel("고객 이름에 들어 있는 말").fill("김");
  await page.evaluate(() => {
    const channel = document.querySelector<HTMLInputElement>('[name="params[channels]"]')!;
    const forged = document.createElement("input");
    forged.type = "hidden";
    forged.name = channel.name;
    forged.value = "no-such-channel";
    channel.form!.append(forged);
  });
  await page.getByRole("button", { name: "보고서 실행" }).click();
  await expect(page).toHaveURL(/\/reports\/sales\/order_detail$/);
  await expect(page.getByRole("alert").first()).toContainText("no-such-channel");
  await expect(page.getByLabel("고객 이름에 들어 있는 말")).toHaveValue("김");
});

test("an expired session leads to the sign-in and back", async ({ page, context }) => {
  await signInAs(page, /관리자/);
  await page.goto("/runs");
  await context.clearCookies();
  await page.goto("/runs");
  await expect(page).toHaveURL(/\/signin\?next=%2Fruns/);
});

test("a run can be cancelled, and says so", async ({ page }) => {
  await signInAs(page, /관리자/);
  await page.goto("/reports/sales/order_detail");
  await page.getByRole("radio", { name: /직접 선택/ }).check();
  const year = new Date().getUTCFullYear();
  await page.getByLabel("시작일", { exact: true }).fill(`${year - 2}-01-01`);
  await page.getByLabel("마지막 날", { exact: true }).fill(`${year - 1}-12-31`);
  await page.getByRole("button", { name: "보고서 실행" }).click();
  await page.getByRole("button", { name: "실행 취소" }).click();
  await expect(page.getByText("취소된 실행입니다.")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("link", { name: /Excel 내려받기/ })).toHaveCount(0);
});
