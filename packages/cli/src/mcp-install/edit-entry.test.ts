/** Random documents: an entry that is put in and taken out leaves every byte as it was. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigProblem, type EntryPath } from "./config-format.ts";
import { entryIn, FORMATS, withEntry, withoutEntry } from "./edit-entry.ts";

const numRuns = Number(process.env.HEADROOM_LAW_RUNS ?? 60) * 2;

const MEMBERS = { command: "C:\\node.exe", args: ["a b", "mcp", "serve"] };
const KEYS = Object.keys(MEMBERS);
const paths = {
  json: { container: "mcpServers", name: "headroom" },
  toml: { container: "mcp_servers", name: "headroom" },
};

const eols = fc.constantFrom("\n", "\n", "\r\n");

/** White space and comments, as they may stand between any two tokens of JSONC. */
const trivia = (eol: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom("", " ", "  ", eol, `${eol}  `, `${eol}\t`) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(`// } , note${eol}`, `/* { "a": */`, `/*${eol}*/`, "/**/"),
        },
      ),
      { maxLength: 3 },
    )
    .map((parts) => parts.join(""));

const scalars = fc.constantFrom(
  '"text"',
  '"\\u00e9 \\" // no"',
  "1.0",
  "-2e3",
  "12345678901234567890",
  "true",
  "null",
  "{}",
  "[]",
  '[1, {"headroom": 2}]',
);

/** An object with random gaps, and a comma at its end now and then. */
function object(
  eol: string,
  members: fc.Arbitrary<readonly (readonly [string, string])[]>,
): fc.Arbitrary<string> {
  return fc
    .tuple(members, fc.infiniteStream(trivia(eol)), fc.boolean())
    .map(([pairs, gaps, hasComma]) => {
      const gap = (): string => gaps.next().value;
      const body = pairs.map(
        ([key, value]) => `${gap()}${JSON.stringify(key)}${gap()}:${gap()}${value}${gap()}`,
      );
      return `{${body.join(",")}${hasComma && pairs.length > 0 ? "," : ""}${gap()}}`;
    });
}

function members(
  value: fc.Arbitrary<string>,
  ...more: (readonly [string, fc.Arbitrary<string>])[]
) {
  const names = fc.constantFrom("a", "b", "docs", "", "__proto__", "é", "mcp");
  const some = fc.uniqueArray(fc.tuple(names, value), { maxLength: 3, selector: ([name]) => name });
  const extra = more.map(([name, own]) =>
    fc.option(
      own.map((text) => [name, text] as const),
      { nil: undefined },
    ),
  );
  return fc.tuple(some, fc.tuple(...extra), fc.nat()).map(([pairs, own, at]) => {
    const all: (readonly [string, string])[] = [...pairs];
    for (const pair of own) if (pair) all.splice(at % (all.length + 1), 0, pair);
    return all;
  });
}

const json = eols.chain((eol) => {
  const entry = object(eol, members(scalars, ["command", scalars], ["url", fc.constant('"x"')]));
  const servers = object(eol, members(object(eol, members(scalars)), ["headroom", entry]));
  return fc
    .tuple(trivia(eol), object(eol, members(scalars, ["mcpServers", servers])), trivia(eol))
    .map((parts) => parts.join(""));
});

const tomlValue = fc.constantFrom(
  '"text"',
  "'it # no'",
  "1_000",
  "1979-05-27T07:32:00Z",
  "[ 1, 2 ]",
  "{ a = 1 }",
  '"""\n[mcp_servers.headroom]\n"""',
  "[\n  1, # [x]\n]",
  "nan",
);

const toml = eols.chain((eol) => {
  const line = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("", "# [mcp_servers.headroom]", "  # note", "   ") },
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.nat(1e9),
          fc.constantFrom(" = ", "=", "\t= "),
          tomlValue,
          fc.constantFrom("", " ", " # end"),
        )
        .map(([key, is, value, end]) => `k${key}${is}${value}${end}`),
    },
  );
  const lines = fc.array(line, { maxLength: 4 });
  const headers = fc.uniqueArray(
    fc.constantFrom(
      "[a]",
      "[mcp_servers.docs]",
      "[ mcp_servers . 'other' ] # c",
      "[mcp_servers]",
      "[mcp_servers.headroom]",
      '[mcp_servers."headroom".env]',
      "[[b]]",
      "[mcp_servers.headroomx]",
    ),
    { maxLength: 5 },
  );
  return fc
    .tuple(lines, headers, fc.infiniteStream(lines), fc.boolean())
    .map(([top, tables, bodies, hasEnd]) => {
      const all = [
        ...top,
        ...tables.flatMap((header) => [header, ...(bodies.next().value as string[])]),
      ];
      const text = all.join("\n") + (hasEnd && all.length > 0 ? "\n" : "");
      return text.replaceAll("\n", eol);
    });
});

/** The text with the entry, or undefined where the document is refused. */
function put(kind: "json" | "toml", text: string, path: EntryPath): string | undefined {
  try {
    return withEntry(FORMATS[kind], path, text, MEMBERS);
  } catch (error) {
    if (error instanceof ConfigProblem) return undefined;
    throw error;
  }
}

describe.each([
  ["json", json],
  ["toml", toml],
] as const)("an entry in random %s", (kind, documents) => {
  const format = FORMATS[kind];
  const path = paths[kind];
  const edit = (text: string): string => (kind === "json" ? `// user\n${text}` : `# user\n${text}`);
  const take = (text: string, first?: string): string =>
    withoutEntry(format, path, text, first, KEYS);

  it("is there after it is put in, and nothing is changed the second time", () => {
    let refused = 0;
    let runs = 0;
    fc.assert(
      fc.property(documents, (text) => {
        runs++;
        const now = put(kind, text, path);
        if (now === undefined) return void refused++;
        expect(entryIn(format, path, now)).toMatchObject(MEMBERS);
        expect(withEntry(format, path, now, MEMBERS)).toBe(now);
        if (text.includes("\r\n") && !/[^\r]\n/.test(text)) expect(now).not.toMatch(/[^\r]\n/);
      }),
      { numRuns },
    );
    expect(refused / runs).toBeLessThan(0.1);
  });

  it("leaves every character as it was when it is taken out", () => {
    fc.assert(
      fc.property(documents, (text) => {
        const now = put(kind, text, path);
        if (now === undefined) return;
        if (now !== text) expect(take(now, text)).toBe(text);
        if (now !== text) expect(take(edit(now), text)).toBe(edit(text));
        const more = (source: string): string =>
          `${edit(source)}${source.endsWith("\n") ? "" : "\n"}`;
        if (now !== text && kind === "json") expect(take(more(now), text)).toBe(more(text));
      }),
      { numRuns },
    );
  });

  it("is gone without a copy of the first text, and no comment or other entry with it", () => {
    fc.assert(
      fc.property(documents, (text) => {
        const now = put(kind, text, path);
        if (now === undefined) return;
        const without = take(now);
        expect(entryIn(format, path, without)).toBeUndefined();
        expect(take(without)).toBe(without);
        if (entryIn(format, path, text) === undefined)
          expect(without.replaceAll(/\s|[{}",:]|mcpServers/g, "")).toBe(
            text.replaceAll(/\s|[{}",:]|mcpServers/g, ""),
          );
      }),
      { numRuns },
    );
  });

  it("is put into no text that is cut short or changed at random unless it parses", () => {
    const broken = fc.tuple(
      documents,
      fc.nat(),
      fc.nat(3),
      fc.constantFrom("", "{", "}", '"', ",", "[", "]", "=", "\n", "//", "\u0000"),
    );
    fc.assert(
      fc.property(broken, ([text, where, length, piece]) => {
        const at = where % (text.length + 1);
        const now = put(kind, text.slice(0, at) + piece + text.slice(at + length), path);
        if (now !== undefined) expect(entryIn(format, path, now)).toMatchObject(MEMBERS);
      }),
      { numRuns },
    );
  });
});

it("refuses JSON that is nested too deeply for its parser", () => {
  const text = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  expect(() => withEntry(FORMATS.json, paths.json, text, MEMBERS)).toThrow(ConfigProblem);
});

it("refuses what would change anything else, whatever a format does", () => {
  const text = '{ "a": 1, "mcpServers": { "headroom": { "command": "x" } } }';
  const damaged = (result: string) => ({
    ...FORMATS.json,
    change: () => result,
    remove: () => result,
  });
  const servers = JSON.stringify({ headroom: MEMBERS });
  for (const result of [
    `{ "a": 2, "mcpServers": ${servers} }`,
    `{ "mcpServers": ${servers} }`,
    `{ "a": 1, "mcpServers": ${servers.replace("mcp", "no")} }`,
    '{ "a": 1,',
  ])
    expect(() => withEntry(damaged(result), paths.json, text, MEMBERS)).toThrow(
      "it cannot be changed without touching something else in it",
    );
  for (const result of ["{}", text, '{ "a": 1', '{ "a": 1, "mcpServers": { "b": {} } }'])
    expect(() => withoutEntry(damaged(result), paths.json, text, undefined, KEYS)).toThrow(
      "it cannot be changed without touching something else in it",
    );
});
