import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { proofs, recordPrint, textPrint } from "./proofs.ts";
import { originalOf } from "./record.ts";

describe("proofs", () => {
  it("are remembered for a name and its text", () => {
    const known = proofs();
    expect(known.of("a", "text")).toBeUndefined();
    known.set("a", "text", "record");
    expect(known.of("a", "text")).toBe("record");
    expect(known.of("a", "another")).toBeUndefined();
    known.set("a", "text", "newer");
    expect(known.of("a", "text")).toBe("newer");
  });

  it("are 20,000 at most: the one not asked for longest goes, and no other", () => {
    const known = proofs();
    for (let n = 0; n < 20_000; n++) known.set(`${n}`, "text", `record ${n}`);
    expect(known.of("0", "text")).toBe("record 0");
    known.set("one more", "text", "record");
    expect(known.of("1", "text")).toBeUndefined();
    expect(known.of("0", "text")).toBe("record 0");
    expect(known.of("2", "text")).toBe("record 2");
    known.set("3", "text", "again");
    known.set("and one", "text", "record");
    expect(known.of("3", "text")).toBe("again");
    expect(known.of("4", "text")).toBeUndefined();
  });

  it("tell texts apart, and records with their chunks", () => {
    // The same bytes: a lone surrogate in UTF-16, and three characters in UTF-8.
    const lone = originalOf("\ud841");
    expect(textPrint({ ...lone, utf16: false })).not.toBe(textPrint(lone));
    const [value, ...chunks] = ["value", "one", "two"].map((word) => Buffer.from(word));
    const printOf = (...parts: string[]): string =>
      createHash("sha256").update(parts.join("")).digest("base64");
    expect(recordPrint(value as Buffer, [])).toBe(printOf("value"));
    expect(recordPrint(value as Buffer, chunks)).toBe(printOf("value", "one", "two"));
    expect(textPrint(originalOf("text"))).toBe(`8 ${printOf("text")}`);
    expect(textPrint(lone)).toBe(
      `16 ${createHash("sha256").update(Buffer.from("\ud841", "utf16le")).digest("base64")}`,
    );
  });
});
