import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { type Memory, memory, readParts, writeParts } from "./parts.ts";
import { patched, spliceJson } from "./splice.ts";

const noRest = (): undefined => undefined;
const read = (text: string, kept: Memory = memory()) => readParts(text, "messages", kept, noRest);

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom('"', "\\", '\\"', "]}", "\\\\", "\u2028", "é€😀", '{"a":[', "\ud800"),
);
const block = fc.record({ type: fc.constant("tool_result"), id: text, content: text });
const message = fc.record({
  role: fc.constantFrom("user", "assistant", "tool"),
  content: fc.oneof(text, fc.array(block, { maxLength: 3 })),
});
const spaces = fc.constantFrom("", " ", "\n\t", "\r\n  ");

/** A request as clients write it: the list anywhere, white space anywhere, escapes that JSON.stringify would not write. */
const request = fc
  .record({
    messages: fc.array(message, { maxLength: 6 }),
    before: fc.dictionary(fc.constantFrom("model", "system", "tools"), fc.jsonValue()),
    after: fc.dictionary(fc.constantFrom("stream", "metadata", "n"), fc.jsonValue()),
    space: spaces,
  })
  .map(({ messages, before, after, space }) => ({
    messages,
    write(list: readonly unknown[]): string {
      const members = Object.entries(before).map(([name, value]) => [name, JSON.stringify(value)]);
      const items = list.map((one) => JSON.stringify(one).replaceAll("/", "\\/"));
      members.push(["messages", `[${space}${items.join(`${space},${space}`)}${space}]`]);
      members.push(...Object.entries(after).map(([name, value]) => [name, JSON.stringify(value)]));
      const texts = members.map(([name, value]) => `${JSON.stringify(name)}${space}:${value}`);
      return `${space}{${texts.join(`,${space}`)}}${space}`;
    },
  }));

/** The messages with some texts made shorter, as compression does: the others stay the same objects. */
function shortened(messages: readonly unknown[], which: (at: number) => boolean): unknown[] {
  return messages.map((one, at) => {
    const { content, ...rest } = one as { content: string | { content: string }[] };
    if (!which(at)) return one;
    if (typeof content === "string") return { ...rest, content: `${content.length} left out` };
    return {
      ...rest,
      content: content.map((part) => ({ ...part, content: `${part.content.length} left out` })),
    };
  });
}

describe("a request in parts", () => {
  it("has the value that JSON.parse gives, turn by turn", () =>
    fc.assert(
      fc.asyncProperty(request, async ({ messages, write }) => {
        const kept = memory();
        for (let turn = 0; turn <= messages.length; turn++) {
          const body = write(messages.slice(0, turn));
          expect((await read(body, kept))?.body).toEqual(JSON.parse(body));
        }
      }),
    ));

  it("is changed into the bytes that spliceJson makes of the whole, turn by turn", () =>
    fc.assert(
      fc.asyncProperty(request, fc.nat(), fc.boolean(), async ({ messages, write }, bits, more) => {
        const kept = memory();
        for (let turn = 1; turn <= messages.length; turn++) {
          const body = write(messages.slice(0, turn));
          const parts = await read(body, kept);
          expect(parts).toBeDefined();
          if (!parts) return;
          const made = shortened(parts.body.messages as unknown[], (at) => (bits >> at) % 2 === 1);
          const tools = more ? { extra: ["a tool"] } : {};
          const after = { ...parts.body, messages: made, ...tools };
          const patches = finish(writeParts(parts, after, "messages"));
          const written = patches && patched(body, patches);
          const whole = spliceJson(body, parts.body, after);
          if (written !== undefined) expect(written).toBe(whole);
          // A text that could be done in places is not given up, where each message is the one it was with other texts.
          else if (whole !== undefined) expect(JSON.parse(whole)).not.toEqual(after);
        }
      }),
    ));

  it("keeps the objects and the texts of messages that were there before", async () => {
    const kept = memory();
    const all = Array.from({ length: 12 }, (_, at) => ({ role: "user", content: `no ${at}` }));
    const first = await read(JSON.stringify({ messages: all.slice(0, 9), model: "m" }), kept);
    const next = await read(JSON.stringify({ messages: all, model: "other" }), kept);
    const [old, now] = [first?.body.messages, next?.body.messages] as unknown[][];
    expect(now?.slice(0, 9).every((one, at) => one === old?.[at])).toBe(true);
    expect(now?.[9]).not.toBe(old?.[9]);
  });

  it("takes a changed message for another one, wherever it stands", async () => {
    const kept = memory();
    const write = (second: string): string =>
      JSON.stringify({ messages: ["one", second, "three"].map((content) => ({ content })) });
    const first = await read(write("two"), kept);
    const next = await read(write("TWO"), kept);
    expect(next?.body).toEqual(JSON.parse(write("TWO")));
    const [old, now] = [first?.body.messages, next?.body.messages] as unknown[][];
    expect([0, 1, 2].map((at) => now?.[at] === old?.[at])).toEqual([true, false, true]);
  });

  it("does not take the start of a number for the whole", async () => {
    const kept = memory();
    await read('{"messages":[1,2]}', kept);
    expect((await read('{"messages":[12,2]}', kept))?.body).toEqual({ messages: [12, 2] });
  });

  it.each([
    ["no object", "[]"],
    ["no JSON", '{"messages":[{"a":1}],}'],
    ["a broken message", '{"messages":[{"a":tru}]}'],
    ["a broken member", '{"model":nul,"messages":[]}'],
    ["something behind it", '{"messages":[]} x'],
    ["no list", '{"messages":{"a":[]}}'],
    ["no such member", '{"input":[]}'],
    ["the list twice", '{"messages":[],"messages":[1]}'],
    ["the list once more, behind others", '{"messages":[],"a":1,"messages":[1]}'],
    ["a name with escapes", '{"m\\u0065ssages":[],"messages":[1]}'],
    ["a list that breaks off", '{"messages":[{"a":"'],
    ["commas in a row", '{"messages":[1,,2]}'],
    ["a comma at the end", '{"messages":[1,]}'],
    ["brackets that do not fit", '{"messages":[{"a":[1}]}'],
    ["no comma", '{"messages":[1 2]}'],
  ])("is not made of a text with %s", async (_, body) => {
    expect(await read(body)).toBe(undefined);
  });

  it("is written in steps where much of it changed", async () => {
    const content = "words ".repeat(3_000);
    const all = Array.from({ length: 9 }, () => ({ role: "tool", content }));
    const parts = await read(JSON.stringify({ messages: all }));
    if (!parts) throw new Error("not read");
    const steps = (messages: readonly unknown[]): number =>
      [...writeParts(parts, { ...parts.body, messages }, "messages")].length;
    const messages = parts.body.messages as unknown[];
    expect(steps(messages)).toBe(0);
    expect(steps(shortened(messages, () => true))).toBeGreaterThan(3);
  });

  it("is given up where messages come or go", async () => {
    const parts = await read('{"messages":[{"a":1},{"a":2}]}');
    if (!parts) throw new Error("not read");
    const [one, two] = parts.body.messages as unknown[];
    expect(finish(writeParts(parts, { messages: [one] }, "messages"))).toBe(undefined);
    expect(finish(writeParts(parts, { messages: [one, { a: 3 }, two] }, "messages"))).toBe(
      undefined,
    );
  });

  it("keeps a bounded number of characters", async () => {
    const kept = memory();
    const body = (at: number): string =>
      JSON.stringify({ messages: [{ content: `${at}${"x".repeat(3_000_000)}` }] });
    for (let at = 0; at < 4; at++) await read(body(at), kept);
    const found = [0, 1, 2, 3].map((at) => kept.find(body(at), 13) !== undefined);
    expect(found).toEqual([false, false, true, true]);
  });
});
