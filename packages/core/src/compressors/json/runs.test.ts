import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../json/document.ts";
import { finish } from "../../steps.ts";
import { encodeDocument, minifyDocument } from "./encode.ts";
import { decodeForm } from "./form.ts";

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 150);
const counter = { name: "letters", count: (text: string) => Math.ceil(text.length / 3) };

function formOf(json: string): string {
  const document = readDocument(json);
  if (document === undefined) throw new Error("not a document");
  const form = finish(encodeDocument(document, counter));
  expect(decodeForm(form)).toBe(finish(minifyDocument(document)));
  return form;
}

const probes = (ids: readonly unknown[], odd: number): string =>
  JSON.stringify(
    ids.map((id, at) => ({
      id,
      level: at === odd ? "ERROR" : "INFO",
      service: "checkout",
      zone: "eu",
    })),
  );
const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => from + at);

describe("rows of numbers that follow each other", () => {
  it("are one line, and a row that says more is its own", () => {
    const form = formOf(probes(numbers(7, 60), 20));
    expect(form).toContain("Row[60 rows\n7..26\n27;level=ERROR\n28..66\n]");
    expect(form).toContain("1..9: a row for each of 1 to 9.");
  });

  it("are lines of their own where they are texts, other numbers or too few", () => {
    expect(formOf(probes(numbers(0, 30).map(String), 3))).not.toContain("..");
    expect(
      formOf(
        probes(
          numbers(0, 30).map((at) => at * 2),
          3,
        ),
      ),
    ).not.toContain("..");
    expect(formOf(probes([5, 6, 7, 30, 31, 32, 50, 51, 52], 3))).not.toContain("..");
  });

  it("are not what a text says that looks like them", () => {
    const texts = numbers(0, 12).map((at) => `${at}..${at + 9}`);
    expect(formOf(probes(texts, 3))).toContain('\n"2..11"\n');
  });

  it("are given back whatever the numbers are", () => {
    const lexeme = fc.constantFrom(
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "-1",
      "1.0",
      "01e1",
      '"3"',
      '"1..5"',
      "null",
      "9007199254740991",
    );
    const part = fc.oneof(
      fc.array(lexeme, { maxLength: 4 }),
      fc
        .tuple(fc.nat(20), fc.integer({ min: 1, max: 16 }))
        .map(([from, count]) => numbers(from, count).map(String)),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.nat(20), (parts, odd) => {
        const rows = parts
          .flat()
          .map(
            (id, at) =>
              `{"id":${id.replace("01e1", "1e1")},"state":"${at === odd ? "late" : "ready and waiting"}"}`,
          );
        formOf(`[${rows.join(",")}]`);
      }),
      { numRuns: RUNS },
    );
  });

  it("are refused where they are more than the table has", () => {
    const legend = "[json] T(a,b): T rows list a,b. 1..9: a row for each of 1 to 9.";
    const read = (run: string, count: number): string | undefined =>
      decodeForm(`${legend}\nRow(id)\n\nRow[${count} rows\n${run}\n]`);
    expect(read("1..3", 3)).toBe('[{"id":1},{"id":2},{"id":3}]');
    expect(read("1..4", 3)).toBeUndefined();
    expect(read("1..900000000000", 3)).toBeUndefined();
  });
});
