import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { encodedBytes, findBlobs } from "./blob.ts";

const bytes = (count: number, seed = 7): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, at) => (at * at * 31 + at * seed + (at >> 3)) % 256),
  );
const base64 = bytes(600).toString("base64");
const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), bytes(600)]).toString("base64");
const found = (text: string) =>
  finish(findBlobs(text)).map(({ start, end, what }) => [text.slice(start, end), what]);

describe("blobs", () => {
  it.each([
    ["encoded bytes", base64, "base64 (600 bytes)"],
    ["a picture", png, "PNG image in base64 (608 bytes)"],
    ["a data URI", `data:image/png;base64,${png}`, "data URI of image/png (608 bytes)"],
    ["digits", bytes(2_000).toString("hex"), "hexadecimal (2.0 kB)"],
    ["a run", "=".repeat(300), "= ×300"],
    [
      "a vector",
      `[${Array.from({ length: 64 }, (_, at) => (at / 64 - 0.5).toFixed(4)).join(", ")}]`,
      "list of 64 numbers",
    ],
  ])("%s", (_name, blob, what) => {
    expect(found(`before "${blob}" behind`)).toEqual([[blob, what]]);
  });

  it("are found where they are wrapped into lines", () => {
    const wrapped = bytes(3_000).toString("base64").replace(/.{64}/g, "$&\n");
    const text = `-----BEGIN KEY-----\n${wrapped}\n-----END KEY-----\n`;
    expect(found(text)).toEqual([[wrapped, "base64 (2.9 kB)"]]);
  });

  it("are minified code", () => {
    const js = "var a=function(b,c){return b(c)&&d[c]||(e=f)},g=h=>i(h);".repeat(40);
    expect(found(`// x\n${js}\n`)).toEqual([[js, "minified JavaScript (2.2 kB)"]]);
    const css = ".a{color:#fff;margin:0 auto}.b:hover{padding:1px}".repeat(40);
    expect(found(css)).toEqual([[css, "minified CSS (1.9 kB)"]]);
  });

  it.each([
    ["prose", "The quick brown fox jumps over the lazy dog. ".repeat(60)],
    ["a path", `/srv/${"some-folder/and-another_one/".repeat(30)}`],
    ["a long word", "a".repeat(99).concat("bcd".repeat(99))],
    [
      "JSON",
      JSON.stringify(Array.from({ length: 99 }, (_, id) => ({ id, name: `n${id}`, ok: true }))),
    ],
    ["whole numbers", JSON.stringify(Array.from({ length: 99 }, (_, at) => at * 37))],
    ["a table rule", `${"-".repeat(120)}\n`.repeat(9)],
    ["a short key", base64.slice(0, 200)],
  ])("are not %s", (_name, text) => expect(found(text)).toEqual([]));

  it("follow each other, inside of the text", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(base64, png, "=".repeat(300), "\n", " ", '"'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        let last = 0;
        for (const { start, end, head } of finish(findBlobs(text))) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(start + head).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
          last = end;
        }
      }),
    );
  });

  it("are told by their head alone", () => {
    expect(encodedBytes(base64.slice(0, 600), 40_000)).toEqual({
      what: "base64 (29.3 kB)",
      head: 16,
    });
    expect(encodedBytes(base64, 100)).toBeUndefined();
  });
});
