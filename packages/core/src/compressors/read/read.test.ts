import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith } from "../../../test/compress-with.ts";
import { detectRead, readCompressor } from "./read.ts";

const context: CompressContext = {
  lossy: true,
  budgetTokens: 100,
  counter: { name: "length", count: (text) => text.length },
};
const compressor = readCompressor();

function compress(text: string): string {
  const result = compressWith(compressor, text, context);
  if (result === undefined) throw new Error("declined");
  expect(result.lossless).toBe(true);
  return result.text;
}

function numbered(lines: readonly string[], prefix: (number: number) => string, from = 1): string {
  return lines.map((line, index) => prefix(index + from) + line).join("\n");
}

const code = Array.from({ length: 30 }, (_, index) => `  call(${index});`);
const styles: Record<string, (number: number) => string> = {
  "an arrow": (number) => `${String(number).padStart(6)}→`,
  "a narrow arrow": (number) => `${String(number)}→`,
  "cat -n": (number) => `${String(number).padStart(6)}\t`,
  "a colon": (number) => `${number}:`,
  "a colon and a space": (number) => `${number}: `,
  "a bar": (number) => `${number}|`,
  "an aligned bar": (number) => `${String(number).padStart(3)} | `,
  "zeros and a bar": (number) => `${String(number).padStart(5, "0")}| `,
  "an L": (number) => `L${number}: `,
};

describe("readCompressor", () => {
  for (const [name, prefix] of Object.entries(styles)) {
    it(`drops the numbers between every tenth line written with ${name}`, () => {
      const text = numbered(["start", ...code], prefix);
      expect(compressor.detect(text)).toBeGreaterThan(0.9);
      const out = compress(text);
      expect(compressor.decode(out)).toBe(text);
      expect(out.split("\n")[3]).toBe("  call(1);");
      expect(out).toContain(`${prefix(10).trimStart().replace(/^0+/, "")}  call(8);`);
    });
  }

  it("never takes indentation for a part of the separator", () => {
    const text = numbered(["if x:", ...code], (number) => `${number}:`);
    expect(compress(text)).toContain("\n  call(0);\n");
  });

  it("prints the number after a gap", () => {
    const text = `${numbered(code, (n) => `${n}→`)}\n${numbered(code, (n) => `${n}→`, 214)}`;
    const out = compress(text);
    expect(out).toContain("\n214→  call(0);\n");
    expect(compressor.decode(out)).toBe(text);
  });

  it("keeps the number of content that looks numbered itself", () => {
    const text = numbered(["a", "b", "12→c", "[end of numbered lines]", ...code], (n) => `${n}→`);
    const out = compress(text);
    expect(out).toContain("\n3→12→c\n4→[end of numbered lines]\n");
    expect(compressor.decode(out)).toBe(text);
  });

  it("keeps blank lines that lost the space after their separator", () => {
    const text = numbered(["a", ...code], (n) => `${n}: `).replace("4:   call(2);", "4:");
    expect(compress(text)).toContain("\n4:\n");
  });

  it("tells an unterminated empty last line from a line end", () => {
    for (const end of ["", "\n", "\n\n"]) {
      const text = numbered([...code, ""], (n) => `${n}→`) + end;
      expect(compressor.decode(compress(text))).toBe(text);
    }
  });

  it("leaves tables with an id, clock-stamped logs, ordered lists and search hits alone", () => {
    const others = [
      code.map((_, index) => `${index + 1}|ann|42`),
      code.map((_, index) => `${index + 1}\tann\t42`),
      code.map((_, index) => `12:00:${10 + index} INFO started`),
      code.map((_, index) => `${index + 1}. item`),
      code.map((_, index) => `${index * 3 + 7}:  hit(${index});`),
      code.map((_, index) => `src/a.ts:${index + 1}:  hit(${index});`),
      code.map((_, index) => `${String(index + 1).padStart(4)} | ann${index} | 42`),
      code.map((_, index) => `0${9100 + index}\tBern ${index}\t1.10`),
      code.map((_, index) => `${700 + index}: state=idle depth=${index}`),
      code.map(
        (_, index) => `${String(index).padStart(4)}:      ${index * 7} NOTYPE local sym${index}`,
      ),
    ];
    for (const lines of others) expect(detectRead(lines.join("\n"))).toBe(0);
  });

  it("takes a numbered table or YAML file for a file all the same", () => {
    const rows = code.map((_, index) => `a\t${index}\tc`);
    expect(detectRead(numbered(rows, (n) => `${String(n).padStart(6)}\t`))).toBeGreaterThan(0.9);
    const go = code.map((_, index) => `\tcall(${index})`);
    expect(detectRead(numbered(go, (n) => `${n}\t`))).toBeGreaterThan(0.9);
    const yaml = code.map((_, index) => `key${index}: value`);
    expect(detectRead(numbered(yaml, (n) => `${n}: `))).toBeGreaterThan(0.9);
  });

  it("decodes nothing that is not its own", () => {
    expect(compressor.decode("     1→a\n     2→b")).toBeUndefined();
    expect(compressor.decode("")).toBeUndefined();
  });

  it("gives every numbered file back byte for byte", () => {
    const line = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\n", "")),
      },
      fc.constantFrom("", "  x", "[end of numbered lines]", "7→x", "8: y", "9|", "10\tz", "\r"),
    );
    const style = fc.constantFrom(...Object.values(styles));
    const run = fc.tuple(
      fc.array(line, { minLength: 8, maxLength: 30 }),
      style,
      fc.integer({ min: 0, max: 2000 }),
    );
    const raw = fc.array(line, { maxLength: 3 }).map((lines) => lines.join("\n"));
    const text = fc
      .array(fc.tuple(raw, run), { minLength: 1, maxLength: 4 })
      .map((parts) =>
        parts.map(
          ([before, [lines, prefix, from]]) => `${before}\n${numbered(lines, prefix, from)}`,
        ),
      )
      .map((parts) => parts.join("\n"));
    let compressed = 0;
    fc.assert(
      fc.property(text, (input) => {
        const result = compressWith(compressor, input, context);
        if (result === undefined) return;
        compressed++;
        expect(compressor.decode(result.text)).toBe(input);
        expect(result.text.length).toBeLessThan(input.length);
        expect(compressWith(compressor, input, context)).toEqual(result);
      }),
      { numRuns: 500 },
    );
    expect(compressed).toBeGreaterThan(250);
  });

  const fixtures = new URL("./fixtures/", import.meta.url);
  for (const name of readdirSync(fixtures)) {
    it(`fixture ${name}`, async () => {
      const input = readFileSync(new URL(`${name}/input.txt`, fixtures), "utf8");
      const out = compress(input);
      expect(compressor.decode(out)).toBe(input);
      await expect(out).toMatchFileSnapshot(`./fixtures/${name}/output.txt`);
    });
  }
});
