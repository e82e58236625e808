import { describe, expect, it } from "vitest";
import { bytesOfBase64, packVocabulary, unpackVocabulary } from "./packed.ts";
import { writeUtf8 } from "./utf8.ts";

describe("a packed vocabulary", () => {
  const published = ["a", undefined, "中文", [0xe4, 0xb8], " b"];

  it("gives every token its rank back, and nothing to a rank without one", () => {
    const packed = packVocabulary(published);
    const text = Buffer.from(packed).toString("base64");
    const table = unpackVocabulary(bytesOfBase64(text));
    const rankOf = (bytes: Iterable<number>): number => {
      const all = Uint8Array.from(bytes);
      return table.find(all, 0, all.length);
    };
    expect(published.map((token) => rankOf(token === undefined ? [] : Buffer.from(token)))).toEqual(
      [0, -1, 2, 3, 4],
    );
    expect(rankOf(Buffer.from("b"))).toBe(-1);
  });

  it("does not take a token that is too long", () => {
    expect(() => packVocabulary(["a".repeat(255)])).not.toThrow();
    expect(() => packVocabulary(["a".repeat(256)])).toThrow("rank 0");
  });
});

describe("writeUtf8", () => {
  it.each([
    "",
    "words",
    "naïve",
    "中文",
    "😀",
    "a\ud800",
    "\udc00b",
    "\ud800\ud800",
    "\u07ff\u0800\uffff",
  ])("writes %j as every encoder does", (text) => {
    const into = new Uint8Array(3 * text.length + 6);
    const length = writeUtf8(`x${text}y`, 1, 1 + text.length, into);
    expect([...into.subarray(0, length)]).toEqual([...new TextEncoder().encode(text)]);
  });
});
