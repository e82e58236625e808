/** The dashboard, in a real Chromium where there is one, and its figures without. */
import { existsSync, readFileSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageFile, pageSource } from "../../../scripts/dashboard-page.ts";
import type { ProxyStats } from "../src/index.ts";
import { createProxy } from "../src/index.ts";
import { chatRequest, model, ORDERS, post, proxyTo } from "./setup.ts";

/** The machine may be busy. */
const WAIT = { timeout: 30_000 };

it("is the page that its sources make: else run `node scripts/dashboard-page.ts`", async () => {
  const made = await pageSource();
  expect(readFileSync(pageFile, "utf8") === made).toBe(true);
});

const TOKEN = "a token of the proxy, long enough to be one";
const executablePath = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined)
  process.stderr.write(
    "\n*** NO CHROMIUM: the dashboard is NOT tested in a browser. `apt-get install -y chromium`, or set CHROMIUM_PATH. ***\n\n",
  );

describe.skipIf(executablePath === undefined)("the dashboard in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: ["--no-sandbox"],
    });
  });
  afterAll(() => browser?.close());

  /** A page that may not go wrong, and the hosts it asked. */
  async function open(
    url: string,
    options: Parameters<Browser["newContext"]>[0] = {},
    before: (context: BrowserContext) => Promise<unknown> = async () => {},
  ): Promise<{ readonly page: Page; readonly wrong: string[]; readonly hosts: Set<string> }> {
    const context = await browser.newContext(options);
    await before(context);
    const page = await context.newPage();
    const wrong: string[] = [];
    const hosts = new Set<string>();
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("dialog", (dialog) => {
      wrong.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      // The answer that asks for the token.
      if (message.type() === "error" && !message.text().includes("401")) wrong.push(message.text());
    });
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await page.goto(url);
    return { page, wrong, hosts };
  }

  it("asks for the token once, says what to do, and shows what comes without being asked", async () => {
    const server = await model(() => ({ text: "ok" }));
    const { base } = await proxyTo(server.url, { token: TOKEN });
    const { page, wrong, hosts } = await open(`${base}/dashboard`);
    await page.getByLabel("Token", { exact: true }).fill("not the token");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("does not take this token").waitFor();
    await page.getByLabel("Token", { exact: true }).fill(TOKEN);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "No requests yet" }).waitFor();
    expect(await page.getByText("export ANTHROPIC_BASE_URL").textContent()).toContain(base);
    // It is in this tab only, and in no address.
    expect(await page.evaluate("sessionStorage.length + localStorage.length")).toBe(1);
    expect(page.url()).toBe(`${base}/dashboard`);
    await post(`${base}/v1/chat/completions`, chatRequest(ORDERS), {
      "x-headroom-token": TOKEN,
    }).then((one) => one.text());
    const saved = page.locator("#card-saved b");
    await expect.poll(() => saved.textContent(), WAIT).toMatch(/^>?9\d %$/);
    await page.reload();
    await expect.poll(() => saved.textContent(), WAIT).toMatch(/^>?9\d %$/);
    expect(await page.locator("#tools tbody th").allTextContents()).toEqual(["list"]);
    expect(await page.locator("#requests tbody tr").count()).toBe(1);
    expect(await page.evaluate("document.querySelectorAll('#tokens-plot path.after').length")).toBe(
      1,
    );
    // With the keyboard through the plot.
    await page.locator("#tokens-plot svg").focus();
    await page.keyboard.press("End");
    expect(await page.locator("#tokens-plot .readout").textContent()).toMatch(
      /^\d\d:\d\d: \S+ tokens before, \d+ sent, >?9\d % left out, 1 request$/,
    );
    await page.getByRole("button", { name: "Forget the token" }).click();
    await page.getByLabel("Token", { exact: true }).waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
    expect(wrong).toEqual([]);
    expect([...hosts]).toEqual([new URL(base).host]);
  });

  it("takes nothing for markup or for a number that is none, and fits a phone, in light and dark", async () => {
    const proxy = createProxy({ workers: false });
    const base = await proxy.listen({ port: 0 });
    const odd = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    const stats = hostile(proxy.stats(), odd);
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, wrong } = await open(
        `${base}/healthz`,
        { viewport: { width: 390, height: 844 }, colorScheme },
        async (context) => {
          await context.route("**/stats", (route) => route.fulfill({ json: stats }));
          await context.addInitScript(
            'localStorage.setItem("headroom-prices", \'[["*",{"input":-3,"cacheRead":null,"cacheWrite":1,"output":1}],7,\')',
          );
        },
      );
      await page.goto(`${base}/dashboard`);
      const tool = page.locator("#tools tbody th");
      await expect.poll(() => tool.allTextContents(), WAIT).toEqual([odd]);
      expect(await page.locator("main img, main script").count()).toBe(0);
      expect(await page.locator("main").textContent()).not.toMatch(/NaN|Infinity|undefined/);
      expect(
        await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        ),
      ).toBe(0);
      // Prices that are none are refused with a sentence, and nothing is kept.
      await page.getByText("Set prices", { exact: true }).first().click();
      for (const [at, text] of ["-3", "NaN", "1e9", ""].entries())
        await page.locator(".prices input").nth(at).fill(text);
      await page.getByRole("button", { name: "Set prices" }).click();
      await page.getByText("Input, Cache read, Cache write, Output: a number from 0").waitFor();
      expect(await page.locator('.prices input[aria-invalid="true"]').count()).toBe(4);
      for (const [at, text] of ["3", "0,30", "3.75", "15"].entries())
        await page.locator(".prices input").nth(at).fill(text);
      await page.getByRole("button", { name: "Set prices" }).click();
      // 100,000 × 3 + 800,000 × 0.30 + 100,000 × 3.75 + 10,000 × 15, and as many tokens as there were.
      await expect.poll(() => page.locator("#card-spared b").textContent(), WAIT).toBe("$0.92");
      expect(await page.locator("#card-spared small").textContent()).toBe("estimated; $1.07 spent");
      expect(wrong).toEqual([]);
      await page.context().close();
    }
    await proxy.close(50);
  });
});

/** Figures with names that are markup, and numbers that are none. */
function hostile(stats: ProxyStats, odd: string): unknown {
  const tokens = {
    inputTokens: 1e6,
    cacheReadTokens: 8e5,
    cacheWriteTokens: 1e5,
    outputTokens: 1e4,
  };
  const row = { name: odd, blocks: 1, tokensBefore: 10, tokensAfter: 5 };
  const record = {
    id: 1,
    provider: "openai",
    route: odd,
    method: odd,
    status: 200,
    ending: "complete",
    streamed: true,
    model: odd,
    tokensBefore: 0,
    tokensAfter: 0,
    addedMs: null,
    totalMs: null,
    retrievals: 0,
    hiddenRounds: 0,
    failedOpen: [odd],
    at: null,
    usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 },
  };
  return {
    ...stats,
    compressed: 1,
    failedOpen: { [odd]: 1 },
    tools: [row],
    kinds: [row],
    recent: [record],
    added: { ...stats.added, p50Ms: null, p95Ms: -1 },
    minutes: [
      {
        ...tokens,
        at: stats.now,
        requests: 1,
        tokensBefore: 0,
        tokensAfter: 0,
        addedP50Ms: 0,
        retrievals: 0,
      },
    ],
    usage: {
      ...tokens,
      answers: 1,
      dropped: 0,
      models: [{ ...tokens, model: odd, provider: odd, answers: 1, savedTokens: 1e6 }],
    },
  };
}
