import { defineConfig, devices } from "@playwright/test";
import { existsSync } from "node:fs";

/** The system's Chromium where there is one, else the one Playwright installed. */
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);

export const port = Number(process.env.E2E_PORT ?? 3917);

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // Two cores: a run, the server and one browser are enough at a time.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"], locale: "ko-KR" } },
    { name: "without-script", testMatch: /journey\.spec\.ts/, use: { ...devices["Desktop Chrome"], locale: "ko-KR", javaScriptEnabled: false } },
    { name: "phone", testMatch: /pages\.spec\.ts/, use: { ...devices["Pixel 7"], locale: "en-US", colorScheme: "dark" } },
  ],
  webServer: {
    // Every run of the suite starts without runs and people; only the demo shop is kept.
    command: `rm -rf ../target/e2e-data/digger.sqlite* ../target/e2e-data/results && exec ../target/debug/digger serve --demo --listen 127.0.0.1:${port} --data-dir ../target/e2e-data --queries ../queries 2> ../target/e2e-server.log`,
    url: `http://127.0.0.1:${port}/livez`,
    timeout: 120_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
  },
});
