/** The rules that make the lossless form readable, checked on what is printed. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { encodeLog } from "./lossless.ts";
import { entryOf } from "./syntax.ts";

/** What a form does that no form may do. */
function breaches(form: string): readonly string[] {
  const [, ...lines] = form.split("\n");
  const end = lines.findIndex((line) => !/^@\d+=/.test(line));
  const definitions = lines.slice(0, end);
  const body = lines.slice(end).filter((line) => !line.startsWith("\\"));
  return [
    ...nameBreaches(definitions, body.join("\n")),
    ...body.flatMap(rowBreaches),
    ...stampBreaches(body),
    ...dittoBreaches(lines.slice(end)),
  ];
}

/** `^` stands for a value of a line that is near. */
function dittoBreaches(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  const last = new Map<string, number>();
  let at = 0;
  for (const line of lines) {
    if (/^#[a-z]+\[/.test(line)) continue;
    at++;
    const shape = /(?:^|\s)(#[a-z]+) /.exec(line)?.[1];
    if (shape === undefined || line.startsWith("\\")) continue;
    const isFar = at - (last.get(shape) ?? Number.NEGATIVE_INFINITY) > 20;
    if (isFar && / \^(?= |$)/.test(line)) found.push(`^ for a line far above: ${line}`);
    last.set(shape, at);
  }
  return found;
}

function nameBreaches(definitions: readonly string[], body: string): readonly string[] {
  const found: string[] = [];
  const names = definitions.map((line) => line.slice(0, line.indexOf("=")));
  const numbers = names.map((name) => Number(name.slice(1)));
  if (numbers.some((number, at) => at > 0 && number <= (numbers[at - 1] ?? 0)))
    found.push("names are not numbered in printing order");
  const uses = (body.match(/@\d+/g) ?? []).filter((name) => names.includes(name));
  for (const name of names)
    if (uses.filter((use) => use === name).length < 2)
      found.push(`${name} is used less than twice`);
  if (String([...new Set(uses)]) !== String(names)) found.push("names are not in printing order");
  for (const line of definitions)
    if (names.some((name) => new RegExp(`${name}(?!\\d)`).test(line.slice(line.indexOf("=")))))
      found.push(`a name in a definition: ${line}`);
  return found;
}

function rowBreaches(line: string): readonly string[] {
  const row = /(?:^|\s)#[a-z]+( .*)?$/.exec(line.replaceAll(/"[^"]*"/g, '""'));
  if (!row || line.includes("]=")) return [];
  if (row[1] === undefined) return [`nothing but a shape: ${line}`];
  return (row[1].match(/ \^(?= |$)/g) ?? []).length > 2 ? [`more than two ^: ${line}`] : [];
}

function stampBreaches(body: readonly string[]): readonly string[] {
  const found: string[] = [];
  let sinceFull = 0;
  for (const line of body) {
    if (/^#[a-z]+\[/.test(line)) continue;
    if (entryOf(line).stamp !== undefined) sinceFull = 0;
    if (line.startsWith("…") && sinceFull >= 20) found.push(`no full stamp: ${line}`);
    sinceFull++;
  }
  return found;
}

describe("what a reader can rely on", () => {
  const home = new URL("./fixtures/", import.meta.url);
  it.each(readdirSync(home).sort())("holds in %s", (name) => {
    const form = finish(encodeLog(readFileSync(new URL(`${name}/input.log`, home), "utf8")));
    if (form !== undefined) expect(breaches(form)).toEqual([]);
  });

  it("leaves every failure in full, however often it comes", () => {
    const failures = [
      "tiktoken",
      "httpx",
      "anyio",
      "numpy",
      "rich",
      "yaml",
      "zstd",
      "lxml",
    ].flatMap((name, at) => [
      `_____ ERROR collecting tests/test_${name}.py _____`,
      `tests/test_${name}.py:${at + 3}: in <module>`,
      `E   ModuleNotFoundError: No module named '${name}'`,
    ]);
    const quiet = Array.from({ length: 40 }, (_, at) => `collecting tests/unit/test_case_${at}.py`);
    const form = finish(encodeLog([...quiet, ...failures].join("\n"))) ?? "";
    expect(failures.filter((line) => line.startsWith("E ") && !form.includes(line))).toEqual([]);
    expect(form).toContain("#a");
  });

  it("holds where the last line of a shape is far above", () => {
    const moved = (n: number, i: number): string =>
      `moved block-${n}a from host-${n}b via host-${n}c to host-${n}d in ${i * 7} ms`;
    const run = (n: number): string[] => [1, 2, 3].map((i) => moved(n, i + n));
    const pause = Array.from({ length: 40 }, (_, n) => `nothing to do: ${"z".repeat(n + 1)}`);
    // What is moved after the pause is what was moved before it, forty lines above.
    const lines = [...run(1), ...run(2), ...run(3), ...pause, ...run(3), ...run(4), ...run(5)];
    const form = finish(encodeLog(lines.join("\n"))) ?? "";
    expect(form).toContain(" ^");
    expect(breaches(form)).toEqual([]);
  });

  it("holds in logs of a few shapes in any order", () => {
    const at = (second: number): string => new Date(1e12 + second * 1_000).toISOString();
    const line = fc.oneof(
      fc
        .tuple(fc.nat(99), fc.nat(3))
        .map(([n, id]) => `${at(n)} INFO job ${id} in queue-${id} took ${n} ms at step ${id}`),
      fc.nat(3).map((n) => `    at /usr/local/lib/node_modules/service-${n}/index.js`),
      fc
        .nat(9)
        .map(
          (n) => `${at(n)} GET /usr/local/lib/node_modules/service-${n % 3}/x ${n} ${n} ${n % 2}`,
        ),
      fc.constantFrom("the same line again and again, word for word", "", "@1 and @2"),
    );
    const run = fc
      .tuple(fc.nat(999), fc.integer({ min: 1, max: 4 }))
      .map(([n, length]) =>
        Array.from(
          { length },
          (_, i) => `moved block-${n}a from host-${n}b via host-${n}c to host-${n}d in ${i * 7} ms`,
        ),
      );
    const lines = fc.array(
      fc.oneof(
        line.map((one) => [one]),
        run,
      ),
      { minLength: 4, maxLength: 90 },
    );
    fc.assert(
      fc.property(lines, (runs) => {
        const form = finish(encodeLog(runs.flat().join("\n")));
        if (form !== undefined) expect(breaches(form)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
