/**
 * Makes the dashboard one HTML text: `node scripts/dashboard-page.ts` writes `packages/proxy/src/dashboard/page.ts` from
 * `packages/proxy/dashboard`. A test of the proxy compares both.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const folder = new URL("../packages/proxy/dashboard/", import.meta.url);
export const pageFile: string = fileURLToPath(
  new URL("../packages/proxy/src/dashboard/page.ts", import.meta.url),
);

/** What `page.ts` has to say. */
export async function pageSource(): Promise<string> {
  const bundle = await rolldown({ input: fileURLToPath(new URL("main.ts", folder)) });
  const { output } = await bundle.generate({ format: "iife", minify: true });
  await bundle.close();
  const script = output[0].code.trim();
  const style = read("page.css")
    .replaceAll(/\/\*[^*]*\*\//g, "")
    .replaceAll(/\s*\n\s*/g, "")
    .replaceAll(/\s*([{};,])\s*/g, "$1");
  const html = read("page.html")
    .replace("/*STYLE*/", () => style)
    .replace("/*SCRIPT*/", () => script);
  if (/<\/(?:script|style)/i.test(script + style)) throw new Error("The page would end too early.");
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  return [
    "/** Written by `node scripts/dashboard-page.ts` from `packages/proxy/dashboard`. */",
    "export const DASHBOARD: {",
    "  readonly html: string;",
    "  readonly headers: Readonly<Record<string, string>>;",
    "} = {",
    "  headers: {",
    `    "content-security-policy": ${JSON.stringify(policy)},`,
    '    "referrer-policy": "no-referrer",',
    '    "x-frame-options": "DENY",',
    "  },",
    `  html: ${JSON.stringify(html)},`,
    "};",
    "",
  ].join("\n");
}

function read(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pageFile, await pageSource());
