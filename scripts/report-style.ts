/**
 * Makes the style of the report of `headroom measure --html`: that of the proxy's dashboard, and what the report has beside it.
 * `node scripts/report-style.ts` writes `packages/cli/src/measure/report-style.ts`. A test compares both.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const packages = new URL("../packages/", import.meta.url);
export const styleFile: string = fileURLToPath(
  new URL("cli/src/measure/report-style.ts", packages),
);

/** What `report-style.ts` has to say. */
export function styleSource(): string {
  const style = ["proxy/dashboard/page.css", "cli/src/measure/report.css"]
    .map((name) => readFileSync(new URL(name, packages), "utf8"))
    .join("\n")
    .replaceAll(/\/\*[^*]*\*\//g, "")
    .replaceAll(/\s*\n\s*/g, "")
    .replaceAll(/\s*([{};,])\s*/g, "$1");
  return [
    "/** Written by `node scripts/report-style.ts` from the dashboard's style and `report.css`. */",
    `export const REPORT_STYLE: string =\n  ${JSON.stringify(style)};`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(styleFile, styleSource());
