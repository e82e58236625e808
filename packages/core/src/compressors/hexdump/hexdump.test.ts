/** Hex dumps of every make: the bytes come back, strings are seen. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { pick, type Random, randomOf, whole, word } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { finish } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { hexdumpCompressor } from "./hexdump.ts";
import { STYLES } from "./styles.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = hexdumpCompressor();

function dump(random: Random): string {
  const style = pick(STYLES, random);
  const bytes: number[] = [];
  const length = 70 + whole(pick([200, 3_000], random), random);
  while (bytes.length < length) {
    const kind = random();
    if (kind < 0.3)
      bytes.push(...new Array<number>(whole(60, random)).fill(pick([0, 0, 255, 65], random)));
    else if (kind < 0.6)
      bytes.push(
        ...[...`${word(random)} "${word(random)}" of ${word(random)}\n`].map((each) =>
          each.charCodeAt(0),
        ),
      );
    else for (let at = 0; at < 20; at++) bytes.push(whole(256, random));
  }
  const lines: string[] = style.name === "objdump -s" ? ["Contents of section .rodata:"] : [];
  let offset = pick([0, 0, 0x6000], random);
  for (let at = 0; at < bytes.length; at += 16) {
    if (random() < 0.02) {
      lines.push("*");
      offset += 256;
    }
    const own = bytes.slice(at, at + 16);
    lines.push(style.print({ offset, bytes: own }));
    offset += own.length;
  }
  if (random() < 0.5) lines.push(offset.toString(16).padStart(8, "0"));
  return lines.join("\n") + (random() < 0.9 ? "\n" : "");
}

const formOf = (text: string): string | undefined =>
  finish(compressor.encode(text, { counter }) as Steps<string | undefined>);

describe("a hex dump", () => {
  it("comes back byte for byte, and is far shorter", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = dump(randomOf(seed));
        const form = formOf(text);
        if (text.split("\n").length > 30) expect(form).toBeDefined();
        if (form === undefined) return;
        expect(compressor.decode(form)).toBe(text);
        if (text.split("\n").length > 30) expect(form.length).toBeLessThan(text.length);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      "hexdump -C",
      "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|",
    ],
    ["hexdump -C", '00000010  0a 22                                             |."|'],
    ["xxd", "00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000  .ELF............"],
    ["xxd", "00000010: 7f45 4c                                  .EL"],
    ["od -t x1z", "000000 7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00  >.ELF............<"],
    ["objdump -s", " 6000 01000200 74727565 00736861 32207574  ....true.sha2 ut"],
    ["hexdump", "0000000 457f 464c 0102 0001 0000 0000 0000 0000"],
  ])("of %s is read: %s", (name, line) => {
    const style = STYLES.find((each) => each.read(line));
    expect(style?.name).toBe(name);
  });

  it.each(["12345678  de ad", "0000000 words like these", "", "deadbeef: 12"])(
    "is not %j",
    (line) => expect(compressor.detect(`${line}\n`.repeat(8))).toBe(0),
  );

  it("reads like bytes and text", () => {
    const bytes = [
      ...'#!/bin/sh\necho "hi there"\n',
      ...new Array<string>(30).fill("\0"),
      "\x7f",
    ].map((each) => each.charCodeAt(0));
    const [style] = STYLES;
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += 16)
      lines.push(style?.print({ offset: at, bytes: bytes.slice(at, at + 16) }) ?? "");
    expect(formOf(lines.join("\n"))?.split("\n").slice(1)).toEqual([
      "@0",
      '"#!/bin/sh" 0a "echo " 22 "hi there" 22 0a 00×30 7f',
    ]);
  });
});

describe("the view of a hex dump", () => {
  itIsTrue("hex dumps", compressor, dump);

  it("shows the strings, and those that are asked for first", () => {
    const random = randomOf(5);
    const [style] = STYLES;
    const lines = Array.from({ length: 300 }, (_, at) => {
      const text = at === 150 ? "license: secret!" : at === 90 ? "/lib/ld-linux.so" : "";
      const bytes = Array.from({ length: 16 }, (_, nth) =>
        text === "" ? whole(9, random) : text.charCodeAt(nth),
      );
      return style?.print({ offset: at * 16, bytes }) ?? "";
    });
    const text = viewWith(compressor, lines.join("\n"), {
      counter,
      budgetTokens: 900,
      query: "which license?",
    })?.text;
    expect(text).toContain("@960 license: secret!");
    expect(text).toContain("@5a0 /lib/ld-linux.so");
    expect(text).toMatch(/… 4800 bytes in all: /);
  });
});
