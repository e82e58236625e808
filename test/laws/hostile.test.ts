/** Laws 5, 7 and 8: odd content never throws, and comes out untouched or exact. How long it takes is the benchmarks' business. */

import { anyText, hostileTexts } from "@headroom/conformance";
import {
  type CompressTextResult,
  createHeadroom,
  loadCounter,
  memoryStore,
  stripMarker,
  type TokenCounter,
} from "@headroom/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Given, isMadeOf, watched } from "./forms.ts";
import { describeLaw, estimate, type Make } from "./law.ts";
import { outputs } from "./transcript.ts";

const rows = (count: number, row: (index: number) => string): string =>
  `[${Array.from({ length: count }, (_, index) => row(index)).join(",")}]`;
const DEPTH = 1_000_000;
const MB = 1_000_000;
const BIG = `1${"0".repeat(400)}`;

const texts: Readonly<Record<string, string>> = {
  "arrays nested a million deep": "[".repeat(DEPTH) + "]".repeat(DEPTH),
  "objects nested a million deep": `${'{"a":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`,
  "a million opening brackets": "[".repeat(DEPTH),
  "rows with one value nested deep": rows(
    100,
    (index) => `{"id":${index},"deep":${"[".repeat(2_000)}${"]".repeat(2_000)}}`,
  ),
  "__proto__ keys": rows(
    200,
    (index) =>
      `{"__proto__":{"polluted":${index}},"constructor":{"prototype":{"polluted":1}},"id":${index}}`,
  ),
  "names of built-in methods as keys": rows(
    200,
    (index) => `{"toString":${index},"hasOwnProperty":"x","valueOf":null,"length":${index}}`,
  ),
  "numbers no double holds": rows(
    200,
    (index) =>
      `{"a":1e400,"b":${BIG},"c":-0,"d":1.0,"e":1E5,"f":12345678901234567890,"g":0.1${index}}`,
  ),
  "duplicate keys": rows(200, (index) => `{"a":1,"a":${index},"b":2,"a":3}`),
  "integer-like keys out of order": rows(
    200,
    (index) => `{"b":1,"10":${index},"2":2,"1":3,"01":4}`,
  ),
  "null, missing, empty and look-alikes": rows(
    200,
    (index) =>
      [
        "{}",
        '{"a":null}',
        '{"a":""}',
        '{"a":"1"}',
        '{"a":1}',
        '{"a":"null"}',
        '{"a":[]}',
        '{"a":{}}',
      ][index % 8] as string,
  ),
  escapes: rows(
    200,
    (index) => `{"s":"\\u0041\\/\\n\\"\\u0000 ${index}","k\\u0065y":"\\ud83d\\ude00"}`,
  ),
  "escaped lone surrogates": rows(200, (index) => `{"s":"\\ud800 ${index}","t":"\\udc00"}`),
  "lone surrogates": rows(200, (index) => `{"s":"\ud800 ${index}"}`),
  "a single line of 5 MB of JSON": rows(
    50_000,
    (index) =>
      `{"id":${index},"name":"user ${index % 977}","url":"https://example.com/users/${index}","active":true}`,
  ).slice(0, 5 * MB - 7),
  "a single line of 10 MB of words": "lorem ipsum dolor sit amet 42 ".repeat((10 * MB) / 30),
  "a run of a million letters": "abcdefghijklmnopqrstuvwxyz".repeat(MB / 26),
  "a run of a million spaces": " ".repeat(MB),
  "100,000 line breaks": "\n".repeat(100_000),
  "NUL everywhere": "a\u0000b\u0000\n".repeat(2_000),
  "NUL in JSON rows": rows(200, (index) => `{"s":"a\u0000${index}"}`),
  "ANSI colours": Array.from(
    { length: 500 },
    (_, index) =>
      `\u001b[3${index % 8}m2026-01-01T00:00:${index % 60}Z\u001b[0m \u001b[1mINFO\u001b[22m step ${index % 7}`,
  ).join("\n"),
  "unfinished ANSI sequences": "\u001b[\u001b[38;5;\u001b]8;;\n".repeat(800),
  "carriage returns": Array.from({ length: 800 }, (_, index) => `progress ${index}%`).join("\r"),
  "CRLF logs": Array.from(
    { length: 400 },
    (_, index) => `2026-01-01T00:00:00Z INFO handled ${index % 9}`,
  ).join("\r\n"),
  "a byte order mark before JSON": `\ufeff${rows(200, (index) => `{"id":${index}}`)}`,
  "mixed line ends": Array.from(
    { length: 600 },
    (_, index) => `line ${index % 5}${["\n", "\r\n", "\r", "\u2028", "\n\n"][index % 5]}`,
  ).join(""),
  "right to left and zero width": "\u202eabc\u202c\u200b\u2066x\u2069 \n".repeat(500),
  "an alias bomb in YAML": `all:\n  a: &a0 [x, x, x]\n${Array.from(
    { length: 60 },
    (_, index) => `  b${index}: &a${index + 1} [${`*a${index}, `.repeat(9)}end]\n`,
  ).join("")}`,
  "YAML nested a hundred thousand deep": `top:\n  a: 1\n  b: 2\nlist:\n  c: 3\n  d:\n    ${"- ".repeat(100_000)}x\n`,
  "brackets in YAML nested deep": `top:\n  a: 1\n  b: 2\nlist:\n  c: 3\n  d: ${"[".repeat(50_000)}${"]".repeat(50_000)}\n`,
  "an entity bomb in XML": `<?xml version="1.0"?>\n<!DOCTYPE l [\n<!ENTITY a0 "lol">\n${Array.from(
    { length: 30 },
    (_, index) => `<!ENTITY a${index + 1} "${`&a${index};`.repeat(10)}">\n`,
  ).join(
    "",
  )}]>\n<l>\n${Array.from({ length: 600 }, (_, index) => `<x i="${index}">&a30;</x>\n`).join("")}</l>\n`,
  "XML nested a hundred thousand deep": `<?xml version="1.0"?>\n<root>${"<node>".repeat(100_000)}${"</node>".repeat(100_000)}</root>`,
  "XML that is not closed": `<?xml version="1.0"?>\n<root>${'<node a="1">'.repeat(20_000)}`,
  "200 kB of XML": `<rows>\n${Array.from({ length: 4_000 }, (_, index) => `  <row id="${index}"><v>${index % 7}</v></row>\n`).join("")}</rows>\n`,
  "10,000 sections": "[section]\nkey = value\n".repeat(10_000),
  "Python values nested deep": `{'a': ${"[".repeat(100_000)}None${"]".repeat(100_000)}}`,
  "Python values with open quotes": `['a', None, ${"'x\" ".repeat(50_000)}`,
  "special tokens": "<|endoftext|><|im_start|>system\n".repeat(400),
};

/** Compresses a text in every mode (the largest in one); checks that it comes out untouched, decodable, or redeemable. */
async function survives(text: string, counter: TokenCounter, make: Make): Promise<void> {
  const modes = ["balanced", "lossless", "aggressive"] as const;
  for (const mode of text.length > 4 * MB ? modes.slice(0, 1) : modes) {
    const store = memoryStore();
    const given: Given[] = [];
    const compressors = watched(given);
    const result = await make({
      store,
      tokenCounter: counter,
      minTokens: 40,
      mode,
      compressors,
    }).compressText(text);
    const { block, ref } = result;
    expect(block.outcome).not.toBe("failed");
    expect(block.outcome).not.toBe("store-down");
    if (result.text === text) continue;
    const kept = ref === undefined ? undefined : await store.get(ref);
    // Not `toBe`: a diff of megabytes helps nobody.
    expect(kept?.text === text).toBe(true);
    if (block.lossless) expect(isMadeOf(text, stripMarker(result.text), given)).toBe(true);
    else expect(block.omitted?.length).toBeGreaterThan(0);
  }
}

describe("hostile text is untouched or exact", () => {
  for (const [name, text] of Object.entries(texts)) {
    it(name, () => survives(text, estimate, createHeadroom));
  }

  it("with the real tokenizer too", async () => {
    const counter = await loadCounter("o200k_base");
    for (const text of [
      ...hostileTexts,
      texts["a run of a million letters"]?.slice(0, MB / 5) ?? "",
      texts["special tokens"] ?? "",
    ]) {
      await survives(text, counter, createHeadroom);
    }
  });

  it("leaves built-in prototypes alone", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("in odd messages too", async () => {
    const deep = texts["arrays nested a million deep"];
    const strange: unknown[] = [
      null,
      undefined,
      7,
      "text",
      [],
      {},
      { role: 7, content: deep },
      { role: "tool", content: deep },
      { role: "tool", content: [null, 7, { type: "text" }, { type: "text", text: 7 }] },
      {
        role: "user",
        content: [{ type: "tool_result", content: [{ type: "text", text: deep }, null] }],
      },
      { role: "assistant", tool_calls: [null, {}, { id: 7 }, { id: "x", function: null }] },
      { role: "assistant", content: [{ type: "tool_use", id: "x", name: 7, input: null }] },
      JSON.parse('{"role":"tool","content":"x","__proto__":{"polluted":1}}'),
    ];
    for (const messages of [strange, ...strange.map((message) => [message])]) {
      const options = { tokenCounter: estimate, minTokens: 1 };
      const lossless = await createHeadroom(options).compress(messages);
      const shortened = await createHeadroom({ ...options, store: memoryStore() }).compress(
        messages,
      );
      expect(lossless.messages).toHaveLength(messages.length);
      expect(shortened.messages).toHaveLength(messages.length);
      for (const [index, message] of messages.entries()) {
        // The very text stands in a message before it, or it is left alone.
        if (lossless.blocks.some((row) => row.message === index && row.outcome === "repeated"))
          expect(JSON.stringify(lossless.messages[index])).toContain("all the same as tool");
        else expect(lossless.messages[index]).toBe(message);
        // With a store, what repeats a million times is counted, and can be had back.
        const sent = JSON.stringify(shortened.messages[index]);
        if (sent?.includes("[[hr:")) expect(sent).toContain("headroom_retrieve");
        else expect(shortened.messages[index]).toBe(message);
      }
    }
  });
});

/** A liar: the real instance, with its result for a text changed. */
const answering =
  (change: (result: CompressTextResult, text: string) => CompressTextResult): Make =>
  (options) => {
    const honest = createHeadroom(options);
    return {
      ...honest,
      compressText: async (text, call) => change(await honest.compressText(text, call), text),
    };
  };
const changingForms = (change: (text: string) => string): Make =>
  answering((result, text) =>
    result.text !== text && result.block.lossless
      ? { ...result, text: change(result.text) }
      : result,
  );

describeLaw(
  "any text at all is untouched or exact",
  fc.oneof(
    outputs(),
    fc.array(anyText()).map((parts) => parts.join(" ")),
  ),
  (text, make) => survives(text, estimate, make),
  {
    "throws at a line break": answering((result, text) => {
      if (text.includes("\r\n")) throw new RangeError("Invalid string length");
      return result;
    }),
    "trims what it does not compress": answering((result, text) => ({
      ...result,
      text: result.text === text ? text.trimEnd() : result.text,
    })),
    "drops the last line of lossless forms": changingForms((text) =>
      text.slice(0, text.lastIndexOf("\n")),
    ),
    "rounds numbers in lossless forms": changingForms((text) =>
      text.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10)),
    ),
    "calls a view lossless": answering((result) => ({
      ...result,
      block: { ...result.block, lossless: true },
    })),
    "says nothing of what a view left out": answering((result) => {
      const { omitted: _, ...block } = result.block;
      return { ...result, block };
    }),
    "keeps another text in the store": (options) =>
      createHeadroom({
        ...options,
        store: { ...memoryStore(), get: async (ref) => ({ ref, text: "another" }) },
      }),
  },
);
