/** No regular expression of ours can be made to backtrack badly: each is checked by a ReDoS checker. */
import { globSync, readFileSync } from "node:fs";
import { checkSync } from "recheck";
import { parseAst } from "rolldown/parseAst";
import { expect, it } from "vitest";

interface Pattern {
  readonly source: string;
  readonly flags: string;
  readonly files: readonly string[];
}

/** Every regular expression literal of the published packages. */
function patterns(): readonly Pattern[] {
  const found = new Map<string, { source: string; flags: string; files: string[] }>();
  const root = new URL("../", import.meta.url).pathname;
  for (const file of globSync("packages/*/src/**/*.ts", { cwd: root })) {
    if (file.endsWith(".test.ts")) continue;
    const visit = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      if ("regex" in node && node.regex) {
        const { pattern, flags } = node.regex as { pattern: string; flags: string };
        const entry = found.get(`/${pattern}/${flags}`) ?? { source: pattern, flags, files: [] };
        entry.files.push(file);
        found.set(`/${pattern}/${flags}`, entry);
      }
      for (const child of Object.values(node)) if (typeof child === "object") visit(child);
    };
    visit(parseAst(readFileSync(`${root}${file}`, "utf8"), { lang: "ts" }));
  }
  return [...found.values()];
}

it("every regular expression is safe", () => {
  const all = patterns();
  expect(all.length).toBeGreaterThan(10);
  const bad = all.flatMap(({ source, flags, files }) => {
    const { status } = checkSync(source, flags, { checker: "automaton", timeout: 240_000 });
    return status === "safe" ? [] : [`${status}: /${source}/${flags} in ${files.join(", ")}`];
  });
  expect(bad).toEqual([]);
}, 300_000);

it("the checker sees what is not", () => {
  expect(checkSync("^(a|a)*$", "", { checker: "automaton" }).status).toBe("vulnerable");
});
