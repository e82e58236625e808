/** No result of a bench, a chaos row or a law is a constant: what stands in it was counted. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LAWS = "test/laws";
const PLACES = ["benchmarks/src", LAWS];

/** Names of what is counted: a number behind one of them, or behind a name in quotes, is a result that was typed in. */
const OUTCOME =
  /(?:\b(?:tried|acknowledged|markers|lost\w*|wrong|hung|thrown|broken|silent|late|served|missed|refused|exact|met|slowestMs|waitedMs)|"[\w ,]+"): \d[\d_]*\b/g;
const HELD = /\bdemand\([^;]*?,\s*true,?\s*\)|\bjudge\(\s*"[^"]+",\s*(?:\d|\{ met: \d)/g;

/** Results that are constants. Counters that begin at zero are declared: `const counts = { wrong: 0 }`. */
function constantsIn(source: string): readonly string[] {
  const typed = [...source.matchAll(OUTCOME)]
    .filter(({ index }) => !isDeclared(source, index))
    .map(([text]) => text);
  return [...typed, ...[...source.matchAll(HELD)].map(([text]) => text)];
}

/** Whether the object around a place is the first value of a variable. */
function isDeclared(source: string, place: number): boolean {
  let open = 1;
  for (let at = place - 1; at >= 0; at--) {
    if (source[at] === "}") open++;
    if (source[at] === "{") open--;
    if (open > 0) continue;
    const line = source.slice(source.lastIndexOf("\n", at) + 1, at);
    return /\b(?:const|let) \w+(?:: [\w<>, ]+)? = $/.test(line);
  }
  return false;
}

it("sees a constant where a result should be", () => {
  for (const source of [
    "return { ...totals, hung: 0, wrong };",
    'faults: { "calls at once": 500 },',
    "return {\n  lostAtFirstLook: 0,\n};",
    'demand("none expired", "0", true)',
    'out.judge("hostile thrown", { met: 1, of: calls })',
    "const measured = rows.map(() => ({ thrown: 0 }));",
  ])
    expect(constantsIn(source).length, source).toBeGreaterThan(0);
  for (const source of [
    "const counts = { wrong: 0, hung: 0 };\nreturn { ...counts, lost };",
    "const all: Shrunk = { met: 0 };",
    'faults: { "bits flipped": flips }',
    'demand("none expired", expired, expired === 0)',
  ])
    expect(constantsIn(source), source).toEqual([]);
});

it("no bench, chaos row or law has one", () => {
  const found = PLACES.flatMap((place) =>
    readdirSync(join(ROOT, place), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && (place === LAWS || !file.endsWith(".test.ts")))
      .flatMap((file) =>
        constantsIn(readFileSync(join(ROOT, place, file), "utf8")).map(
          (text) => `${file}: ${text}`,
        ),
      ),
  );
  expect(found).toEqual([]);
});
