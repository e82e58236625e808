/** A JSON text is changed where its value changed, and nowhere else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spliceJson, spliceMember } from "./splice.ts";

type Value = Readonly<Record<string, unknown>>;

/** Parses, changes, splices. */
function changed(source: string, change: (body: Value) => unknown): string | undefined {
  const before = JSON.parse(source) as Value;
  return spliceJson(source, before, change(before));
}

const SOURCE = `{ "model":"m", "temperature": 1.0,\n "messages" : [ {"role":"user","content":"a\\u0062"}, {"role":"tool","content":"long","n":1e400} ],"big":12345678901234567890 }`;
const messagesOf = (body: Value): Value[] => body.messages as Value[];

describe("a spliced body", () => {
  it("differs in the texts that were replaced, and keeps numbers, escapes and white space", () => {
    const text = changed(SOURCE, (body) => {
      const [user, tool] = messagesOf(body);
      return { ...body, messages: [user, { ...tool, content: "short" }] };
    });
    expect(text).toBe(SOURCE.replace('"long"', '"short"'));
  });

  it("has messages put in, and members added, where they belong", () => {
    const text = changed(SOURCE, (body) => {
      const [user, tool] = messagesOf(body);
      const messages = [
        { x: 0 },
        user,
        { x: 1 },
        { x: 2 },
        { ...tool, content: "short" },
        { x: 3 },
      ];
      return { ...body, messages, tools: [{ name: "t" }] };
    });
    expect(text).toBe(
      SOURCE.replace("[ {", '[ {"x":0},{')
        .replace('"a\\u0062"}', '"a\\u0062"},{"x":1},{"x":2}')
        .replace('"long"', '"short"')
        .replace("1e400}", '1e400},{"x":3}')
        .replace("67890 }", '67890,"tools":[{"name":"t"}] }'),
    );
  });

  it("is made in empty lists and objects too", () => {
    expect(changed('{"a":[ ],"b":{}}', () => ({ a: [1], b: { c: 2 } }))).toBe(
      '{"a":[1 ],"b":{"c":2}}',
    );
  });

  it("loses items and members that went away", () => {
    const items = '{ "a": [ {"n":1.0} , {"n":2.0} , {"n":3.0} ], "z": 1.0 }';
    const keep = (...places: readonly number[]): string | undefined =>
      changed(items, (body) => {
        const all = body.a as unknown[];
        return { ...body, a: places.map((at) => all[at]) };
      });
    expect(keep(1, 2)).toBe(items.replace('{"n":1.0} , ', ""));
    expect(keep(0, 2)).toBe(items.replace(' , {"n":2.0}', ""));
    expect(keep(0, 1)).toBe(items.replace(' , {"n":3.0}', ""));
    expect(keep()).toBe(items.replace('{"n":1.0} , {"n":2.0} , {"n":3.0}', ""));
    expect(changed(items, ({ a }) => ({ a }))).toBe(items.replace(', "z": 1.0', ""));
  });

  it.each([
    ["keys that occur twice", '{"a":[1],"a":[2]}', () => ({ a: [3] })],
    ["__proto__", '{"__proto__":[1],"a":[2]}', () => ({ a: [3] })],
    ["what is no JSON", "{'a':1}", () => ({ a: 2 })],
  ])("is not made of %s", (_, source, change) => {
    const before: unknown = source.includes("'") ? { a: 1 } : JSON.parse(source);
    expect(spliceJson(source, before, change())).toBeUndefined();
  });

  it("keeps the bytes around members that went away", () => {
    const source = '{ "a" : 1.0, "b":[ {"c":1e3 , "d":2,"e" :12345678901234567890} ] , "f":null }';
    const value = JSON.parse(source);
    const item = value.b[0];
    const without = (...names: string[]): string | undefined => {
      const kept = Object.entries(item).filter(([name]) => !names.includes(name));
      return spliceJson(source, value, { ...value, b: [Object.fromEntries(kept)] });
    };
    const around = (text: string): string => `{ "a" : 1.0, "b":[ ${text} ] , "f":null }`;
    expect(without("c")).toBe(around('{"d":2,"e" :12345678901234567890}'));
    expect(without("d")).toBe(around('{"c":1e3,"e" :12345678901234567890}'));
    expect(without("c", "d")).toBe(around('{"e" :12345678901234567890}'));
    expect(without("d", "e")).toBe(around('{"c":1e3}'));
    expect(without("c", "d", "e")).toBe(around("{}"));
    const { a: _, ...rest } = value;
    expect(spliceJson(source, value, { ...rest, g: 1 })).toBe(
      '{ "b":[ {"c":1e3 , "d":2,"e" :12345678901234567890} ] , "f":null,"g":1 }',
    );
    const { f: __, ...others } = value;
    expect(JSON.parse(spliceJson(source, value, { ...others, g: 1 }) ?? "")).toEqual({
      ...others,
      g: 1,
    });
    expect(JSON.parse(spliceJson(source, value, { g: 1 }) ?? "")).toEqual({ g: 1 });
  });

  it("of any JSON means the new value, and is the old text where it is the old value", () => {
    const content = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.jsonValue(), { maxLength: 3 }),
    );
    const message = fc.record({ role: fc.constantFrom("user", "tool"), content, id: fc.nat() });
    const spaces = fc.constantFrom(undefined, 1, "\t");
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(
          fc.record({
            at: fc.nat(6),
            text: fc.string(),
            how: fc.constantFrom("edit", "add", "remove", "replace"),
          }),
        ),
        spaces,
        (messages, changes, space) => {
          const source = JSON.stringify({ messages, other: 1 }, undefined, space);
          const before = JSON.parse(source) as { messages: unknown[]; other: number };
          expect(spliceJson(source, before, before)).toBe(source);
          const next = [...before.messages];
          for (const { at, text, how } of changes) {
            const place = Math.min(at, next.length);
            const old = next[place];
            if (how === "add") next.splice(place, 0, { role: "assistant", added: text });
            else if (how === "remove") next.splice(place, 1);
            else if (how === "replace") next.splice(place, 1, { role: "user" }, { other: text });
            else if (old !== undefined) next[place] = { ...(old as object), content: text };
          }
          const after = { ...before, messages: next };
          const text = spliceJson(source, before, after);
          expect(JSON.parse(text ?? "")).toEqual(JSON.parse(JSON.stringify(after)));
        },
      ),
    );
  });
});

describe("a spliced member", () => {
  it("is the text of its value, with the texts that were replaced", () => {
    const before = JSON.parse(SOURCE) as Value;
    const [user, tool] = messagesOf(before);
    const after = [user, { ...tool, content: "short" }];
    const given = SOURCE.slice(SOURCE.indexOf("["), SOURCE.indexOf("]") + 1);
    expect(spliceMember(SOURCE, before, after, "messages")).toBe(
      given.replace('"long"', '"short"'),
    );
    expect(spliceMember(SOURCE, before, before.messages, "messages")).toBe(given);
  });

  it("is not given where there is none, or two of its name", () => {
    expect(spliceMember('{"a":1}', { a: 1 }, [], "messages")).toBe(undefined);
    expect(spliceMember('{"a":1,"a":2}', { a: 2 }, 3, "a")).toBe(undefined);
  });
});
