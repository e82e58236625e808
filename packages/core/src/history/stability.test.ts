import { expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { stabilityOf, watchStability } from "./stability.ts";

const TOOLS = ["read", "edit", "grep"].map((name) => ({
  name,
  description: `Use it to ${name}.`,
  input_schema: { type: "object", properties: { path: { type: "string" } } },
}));
const SYSTEM = "You are a careful engineer. Today is 2026-11-28. Be brief.";
const MESSAGES = [
  { role: "user", content: "Why does it fail?" },
  { role: "assistant", content: [{ type: "text", text: "I read it." }] },
  { role: "user", content: [{ type: "text", text: "Go on." }] },
];
const BODY = { system: SYSTEM, tools: TOOLS, messages: MESSAGES };
const MORE = [...MESSAGES, { role: "assistant", content: "Done." }];

function changes(before: unknown, after: unknown) {
  return stabilityOf([before, after]).changes.map(
    ({ part, path, kind }) => `${part} ${path} ${kind}`,
  );
}

it("a conversation that only grows is stable, wherever its cache marks stand", () => {
  const marked = {
    ...BODY,
    messages: MORE.map((message) => ({ ...message, cache_control: { type: "ephemeral" } })),
  };
  const report = stabilityOf([BODY, { ...BODY, messages: MORE }, marked, BODY]);
  expect(report).toEqual({ requests: 4, broken: 0, lostTokens: 0, changes: [] });
});

it.each<[what: string, after: object, expected: string]>([
  ["a date", { system: SYSTEM.replace("28", "29") }, "system system date"],
  ["a time", { system: SYSTEM.replace("2026-11-28", "12:30:01") }, "system system text"],
  ["other text", { system: SYSTEM.replace("careful", "quick") }, "system system text"],
  ["tools in another order", { tools: [...TOOLS].reverse() }, "tools tools[0] order"],
  ["a tool in front", { tools: [{ name: "new" }, ...TOOLS] }, "tools tools[0] added"],
  ["a tool behind", { tools: [...TOOLS, { name: "new" }] }, "tools tools[3] added"],
  ["a tool less", { tools: TOOLS.slice(1) }, "tools tools[0] removed"],
  [
    "another description",
    { tools: [{ ...TOOLS[0], description: "?" }, ...TOOLS.slice(1)] },
    "tools tools[0].description text",
  ],
  [
    "keys in another order",
    { tools: TOOLS.map(({ name, ...rest }) => ({ ...rest, name })) },
    "tools tools[0] order, tools tools[1] order, tools tools[2] order",
  ],
  [
    "an earlier message",
    { messages: [{ role: "user", content: "Why?" }, ...MESSAGES.slice(1)] },
    "messages messages[0].content text",
  ],
  ["a message less", { messages: MORE.slice(1) }, "messages messages[0] removed"],
])("%s is found where it is", (_, after, expected) => {
  expect(changes(BODY, { ...BODY, ...after }).join(", ")).toBe(expected);
});

it.each<[before: string, after: string, kind: string]>([
  ["at 12:30", "at 12:31", "time"],
  ["request 7 of 9", "request 8 of 9", "number"],
  ["id 3f2a9c1d-0000", "id 77aa9c1e-0000", "id"],
  ["2026-11-28T10:00:00Z", "2026-11-28T10:00:05Z", "time"],
  ["on Monday", "on Tuesday", "date"],
])("%j and %j differ by a %s", (before, after, kind) => {
  const [change] = stabilityOf([{ instructions: before }, { instructions: after }]).changes;
  expect(change?.kind).toBe(kind);
});

it("tells what it costs, and what to do about it", () => {
  const changed = { ...BODY, system: SYSTEM.replace("28", "29"), messages: MORE };
  const { broken, lostTokens, changes } = stabilityOf([BODY, BODY, changed, changed]);
  expect({ broken, count: changes.length }).toEqual({ broken: 1, count: 1 });
  expect(changes[0]).toMatchObject({
    request: 2,
    lostTokens,
    advice: expect.stringContaining("newest message"),
  });
  expect(changes[0]?.before).toContain("2026-11-28");
  expect(changes[0]?.after).toContain("2026-11-29");
  // The system prompt and three messages, and no tools.
  const all = stabilityOf([BODY, { ...BODY, tools: [...TOOLS].reverse() }]).lostTokens;
  expect(lostTokens).toBeGreaterThan(40);
  expect(lostTokens).toBeLessThan(all);
});

it("takes one request after the other, and requests in which nothing is as it should be", () => {
  const watch = watchStability({ tokenCounter: { name: "one", count: () => 1 } });
  expect(watch.add(MESSAGES)).toEqual([]);
  expect(watch.add(MORE)).toEqual([]);
  expect(watch.add([{ role: "user", content: "Other" }])).toMatchObject([
    { request: 2, lostTokens: 4 },
  ]);
  const loop: Record<string, unknown> = {};
  loop.messages = [loop];
  for (const odd of [null, 7, "x", {}, { messages: 7 }, loop, { tools: null }, [undefined, 1n]])
    expect(() => watch.add(odd)).not.toThrow();
  expect(watch.report().requests).toBe(11);
});

it("is there on an instance, counts as it does, and leaves requests as they are", async () => {
  const tokenCounter = { name: "one", count: () => 1 };
  const requests = [Object.freeze({ ...BODY }), Object.freeze({ ...BODY, system: "Other." })];
  const report = await createHeadroom({ tokenCounter }).stability(requests);
  expect(report).toMatchObject({ requests: 2, broken: 1, lostTokens: 4 });
  await expect(createHeadroom().stability({} as never)).rejects.toThrow("requests");
});
