import { describe, expect, it } from "vitest";
import { knownMessages } from "./known.ts";

const result = (text: string, mark?: object) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: "t1", content: text, ...mark }],
});
const mark = { cache_control: { type: "ephemeral" } };
const none = new Map();

describe("where there is no time, a message that was sent shortened before", () => {
  it("is known as the same object, and a new one is as it is", () => {
    const known = knownMessages();
    const [long, short, other] = [result("long"), result("short"), result("other")];
    known.settled([long], [short], none);
    expect(known.inHaste([long, other], new Map([[long, long]]))).toEqual([short, other]);
  });

  it("is known at its place where its cache point has moved, time and again", () => {
    const known = knownMessages();
    const [marked, bare, again] = [result("long", mark), result("long"), result("long", mark)];
    known.settled([marked], [result("short", mark)], none);
    expect(known.inHaste([bare], new Map([[bare, marked]]))).toEqual([result("short")]);
    expect(known.inHaste([again], new Map([[again, bare]]))).toEqual([result("short", mark)]);
  });

  it("is not known where another text stands at its place, or the text was put together from parts", () => {
    const known = knownMessages();
    const parts = { role: "tool", content: [{ type: "text", text: "a" }] };
    const before = [result("long"), parts];
    known.settled(before, [result("short"), { role: "tool", content: "a" }], none);
    const now = [result("longer"), structuredClone(parts)];
    expect(known.inHaste(now, new Map(now.map((one, at) => [one, before[at]])))).toEqual(now);
  });
});

describe("a message that went out as it was for want of time", () => {
  it("stays so when there is time, also where its cache point has moved", () => {
    const known = knownMessages();
    const [late, moved] = [result("long", mark), result("long")];
    known.inHaste([late], none);
    const after = [result("short")];
    expect(known.settled([late], after, new Map([[late, late]]))).toEqual([late]);
    expect(known.settled([moved], after, new Map([[moved, late]]))).toEqual([moved]);
  });

  it("says nothing of another message at its place", () => {
    const known = knownMessages();
    const [late, other] = [result("long"), result("other")];
    known.inHaste([late], none);
    const after = [result("short")];
    expect(known.settled([other], after, new Map([[other, late]]))).toEqual(after);
  });
});
