import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish, STEP_CHARACTERS } from "../steps.ts";
import { paragraphs, segment } from "./segment.ts";

const json = JSON.stringify(
  Array.from({ length: 40 }, (_, id) => ({ id, name: `row ${id}` })),
  null,
  2,
);
const partsOf = (text: string): string[] =>
  finish(segment(text)).map(({ start, end }) => text.slice(start, end));

describe("segment", () => {
  it("leaves text without structure whole", () => {
    expect(partsOf("one\ntwo\n\nthree")).toEqual(["one\ntwo\n\nthree"]);
  });

  it("cuts out JSON that stands on lines of its own", () => {
    expect(partsOf(`Found it:\n${json}\nThat was all.\n`)).toEqual([
      "Found it:\n",
      json,
      "\nThat was all.\n",
    ]);
  });

  it("cuts out what a fence holds and keeps the fence lines outside", () => {
    const log = "line of a log that is long enough\n".repeat(20);
    expect(partsOf(`Look:\n\`\`\`text\n${log}\`\`\`\nDone.`)).toEqual([
      "Look:\n```text\n",
      log,
      "```\nDone.",
    ]);
  });

  it("sees a fence behind a blank line, and no end of it in a blank line before another fence", () => {
    const log = "line of a log that is long enough\n".repeat(20);
    const nested = `${log}\n\`\`\`text\n${log}`;
    expect(partsOf(`Look:\n\n\`\`\`\n${nested}\`\`\`\n\nDone.`)).toEqual([
      "Look:\n\n```\n",
      nested,
      "```\n\nDone.",
    ]);
  });

  it("does not take an open fence for a block", () => {
    expect(partsOf(`\`\`\`\n${"x\n".repeat(400)}`)).toHaveLength(1);
  });

  it("takes JSON values that follow each other as one part", () => {
    const row = JSON.stringify({ text: "x".repeat(500) });
    expect(partsOf(`start\n${row}\n${row}\nend`)).toEqual(["start\n", `${row}\n${row}`, "\nend"]);
  });

  it("leaves a brace inside a line alone", () => {
    expect(partsOf(`const a = ${json}; // and more`)).toHaveLength(1);
  });
});

describe("tries that fail", () => {
  it("are work, and rest as reading does", () => {
    // Too deep to be read: every line is tried, as far as the depth goes.
    const text = "[1,\n".repeat(100_000);
    let rests = 0;
    const steps = segment(text);
    while (!steps.next().done) rests++;
    // The text once, and twice its length in tries.
    expect(rests).toBeGreaterThan((2.5 * text.length) / STEP_CHARACTERS);
  });
});

describe("segments and paragraphs", () => {
  it("cover the text without gaps or overlaps", () => {
    const piece = fc.constantFrom(
      "prose here\n",
      "\n",
      "```\n",
      "~~~\n",
      "{\n",
      `${json}\n`,
      "[1,\n",
      "}\n",
      "\r\n",
      "x".repeat(500),
      "==> a.log <==\n",
      "$ df -h\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        for (const split of [segment, paragraphs]) {
          const joined = finish(split(text))
            .map(({ start, end }) => text.slice(start, end))
            .join("");
          expect(joined).toBe(text);
        }
      }),
    );
  });
});
