import { describe, expect, it } from "vitest";
import { knownMessages } from "./known.ts";

const result = (text: string, mark?: object) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: "t1", content: text, ...mark }],
});
const mark = { cache_control: { type: "ephemeral" } };

describe("a message that was sent shortened before", () => {
  it("is known as the same object, and a new one is as it is", () => {
    const known = knownMessages();
    const [long, short, other] = [result("long"), result("short"), result("other")];
    known.add([long], [short]);
    expect(known.of([long, other], [])).toEqual([short, other]);
  });

  it("is known at its place where its cache point has moved, time and again", () => {
    const known = knownMessages();
    const [marked, bare] = [result("long", mark), result("long")];
    known.add([marked], [result("short", mark)]);
    expect(known.of([bare], [marked])).toEqual([result("short")]);
    expect(known.of([result("long", mark)], [bare])).toEqual([result("short", mark)]);
  });

  it("is not known where another text stands at its place, or the text was put together from parts", () => {
    const known = knownMessages();
    const parts = { role: "tool", content: [{ type: "text", text: "a" }] };
    known.add([result("long"), parts], [result("short"), { role: "tool", content: "a" }]);
    const now = [result("longer"), structuredClone(parts)];
    expect(known.of(now, [result("long"), parts])).toEqual(now);
  });
});
