/** Rows of values, written in a format as programs write it. */
import fc from "fast-check";
import { stringify } from "yaml";

export type Scalar = string | number | boolean | null;
export type Row = Readonly<
  Record<string, Scalar | readonly string[] | Readonly<Record<string, Scalar>>>
>;

const WORDS = ["cart", "search", "mail", "stock", "gate", "audit", "cron", "disk"];
const word = fc.constantFrom(...WORDS);
const odd = fc.constantFrom(
  "it's",
  'say "x"',
  "a: b",
  "x, y",
  "# no",
  "<b> & c",
  "[0]",
  "line\nline",
  "",
  " x",
  "1.0",
  "true",
  "~",
  "ünï",
  "C:\\dir",
  "*",
  "a=b",
);

/** One kind of column each, so that most rows are alike. */
const COLUMNS: Readonly<Record<string, fc.Arbitrary<Row[string]>>> = {
  name: fc.tuple(word, fc.nat(99)).map(([text, number]) => `${text}-${number}`),
  state: fc.oneof(
    { weight: 12, arbitrary: fc.constant("ready") },
    fc.constantFrom("failed", "error: timed out"),
  ),
  seconds: fc.nat(9_000).map((value) => value / 10),
  size: fc.nat(900).map((value) => `${value}K`),
  at: fc.nat(600).map((minute) => new Date(Date.UTC(2026, 4, 1, 0, minute)).toISOString()),
  sha: fc
    .nat(0xffff)
    .map((value) => `${value.toString(16).padStart(4, "0")}d41d8cd98f00b204e9800998ecf8427e`),
  ok: fc.boolean(),
  text: fc.oneof({ weight: 6, arbitrary: word }, odd),
  tags: fc.array(word, { maxLength: 3 }),
  owner: fc.record({ login: word, admin: fc.boolean() }),
  nothing: fc.constant(null),
};

const rows: fc.Arbitrary<readonly Row[]> = fc
  .subarray(Object.keys(COLUMNS), { minLength: 1 })
  .chain((names) => {
    const columns = Object.fromEntries(
      names.map((name) => [name, COLUMNS[name] as fc.Arbitrary<Row[string]>]),
    );
    return fc.array(fc.record(columns), { minLength: 4, maxLength: 60 });
  })
  .map((list) => list.map((row, id) => ({ id: 100 + id, ...row })));

/** A structured text of some format. */
export const structuredText: fc.Arbitrary<string> = fc
  .tuple(
    rows,
    fc.constantFrom(yamlOf, foldedYamlOf, xmlOf, flatXmlOf, tomlOf, iniOf, pythonOf, jsonOf),
    fc.constantFrom(0, 3, 20),
  )
  .map(([list, write, licence]) => {
    const words = Array.from({ length: licence }, (_, at) => `line ${at + 1} of a licence`);
    if (write === pythonOf || write === jsonOf) return write(list);
    if (write === xmlOf || write === flatXmlOf)
      return licence === 0
        ? write(list)
        : `<!--\n${words.join("\n")}\n-->\n${write(list).replace(/^<\?.*\n/, "")}`;
    return `${words.map((line) => `# ${line}\n`).join("")}${write(list)}`;
  });

function yamlOf(list: readonly Row[]): string {
  return `# made by a test\n${stringify({ kind: "List", items: list, more: { page: 1, next: null } }, { lineWidth: 0, indentSeq: false })}`;
}

function foldedYamlOf(list: readonly Row[]): string {
  const texts = list.map((row) =>
    stringify({ ...row, note: "a few words ".repeat(9).trim() }, { singleQuote: true }),
  );
  return texts.join("---\n");
}

function xmlOf(list: readonly Row[]): string {
  const items = list.map(
    (row) =>
      `  <item id="${row.id}">\n${Object.entries(row)
        .map(([key, value]) => element(key, value, "    "))
        .join("")}  </item>\n`,
  );
  return `<?xml version="1.0"?>\n<list count="${list.length}">\n${items.join("")}</list>\n`;
}

function element(key: string, value: Row[string], pad: string): string {
  if (Array.isArray(value)) return value.map((each) => element(key, each, pad)).join("");
  if (typeof value === "object" && value !== null)
    return `${pad}<${key}>\n${Object.entries(value)
      .map(([own, each]) => element(own, each, `${pad}  `))
      .join("")}${pad}</${key}>\n`;
  return value === null ? `${pad}<${key}/>\n` : `${pad}<${key}>${escaped(`${value}`)}</${key}>\n`;
}

function flatXmlOf(list: readonly Row[]): string {
  const items = list.map((row) => {
    const attributes = Object.entries(row).filter(([, value]) => typeof value !== "object");
    return `<item ${attributes.map(([key, value]) => `${key}="${escaped(`${value}`).replaceAll('"', "&quot;")}"`).join(" ")}/>`;
  });
  return `<list>${items.join("")}<!-- ${list.length} --></list>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function tomlOf(list: readonly Row[]): string {
  return list
    .map(
      (row) =>
        `[[item]]\n${Object.entries(row)
          .map(([key, value]) => (value === null ? "" : `${key} = ${tomlValue(value)}\n`))
          .join("")}`,
    )
    .join("\n");
}

function tomlValue(value: Row[string]): string {
  if (Array.isArray(value))
    return `[${value.map((each: string) => JSON.stringify(each)).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key} = ${tomlValue(each)}`)
      .join(", ")} }`;
  return JSON.stringify(value);
}

function iniOf(list: readonly Row[]): string {
  const sections = list.map(
    (row) =>
      `[item ${row.id}]\n${Object.entries(row)
        .map(([key, value]) => `${key} = ${plainText(value).replaceAll("\n", " ")}\n`)
        .join("")}`,
  );
  return `; made by a test\n${sections.join("\n")}`;
}

function plainText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function pythonOf(list: readonly Row[]): string {
  return `Rows: ${pythonValue(list)}\n`;
}

function pythonValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value === "string")
    return value.includes("'") && !value.includes('"')
      ? `"${value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}"`
      : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, each]) => `'${key}': ${pythonValue(each)}`)
      .join(", ")}}`;
  return String(value);
}

/** JSON as people write it into a file of settings. */
function jsonOf(list: readonly Row[]): string {
  const items = list.map((row) => `    ${JSON.stringify(row).replace(/}$/, ",}")}, // ${row.id}\n`);
  return `{\n  // rows\n  items: [\n${items.join("")}  ],\n}\n`;
}
