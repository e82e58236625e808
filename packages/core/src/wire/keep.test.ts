import { describe, expect, it } from "vitest";
import { memoryStore } from "../index.ts";
import { keepUnder, messageKeys } from "./keep.ts";

function keyOf(messages: readonly unknown[], reply = "Done."): string {
  const keys = messageKeys();
  for (const message of messages) keys.add(message);
  return keys.keyOf(reply);
}

const question = { role: "user", content: [{ type: "text", text: "Which row?" }] };

describe("the key of a reply", () => {
  it("depends on its words and on every message before it, in order", () => {
    const other = { role: "user", content: "Which row" };
    const keys = [
      keyOf([question]),
      keyOf([question], "Done"),
      keyOf([other]),
      keyOf([question, other]),
      keyOf([other, question]),
      keyOf([question, question]),
      keyOf([], "Done."),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf([structuredClone(question)])).toBe(keys[0]);
  });

  it("does not depend on where the cache points stand", () => {
    const cached = {
      role: "user",
      content: [{ type: "text", text: "Which row?", cache_control: { type: "ephemeral" } }],
    };
    expect(keyOf([cached])).toBe(keyOf([question]));
    expect(keyOf([{ ...cached, content: [] }])).not.toBe(keyOf([question]));
  });

  it("is that of no other among many that differ in one place", () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(40);
    const keys = new Set<string>();
    for (let at = 0; at < text.length; at++)
      for (const letter of "AB") keys.add(keyOf([text.slice(0, at) + letter + text.slice(at + 1)]));
    for (let count = 0; count < 300; count++) keys.add(keyOf(Array(count).fill("")));
    expect(keys.size).toBe(2 * text.length + 300);
  });

  it("takes messages that have no JSON", () => {
    expect(keyOf([undefined, () => 1])).toBe(keyOf([undefined, undefined]));
  });
});

describe("what is kept", () => {
  const shared = { ...memoryStore(), survives: "restart" as const };

  it("is found by another client of the same options, where retrievals are answered inside", async () => {
    await keepUnder({ store: shared, secret: "s" })<string>("test").keep(["a"], "value");
    const find = (options: object) =>
      keepUnder({ store: shared, ...options })<string>("test").find("a");
    expect(await find({ secret: "s", retrieval: "inline" })).toBe("value");
    expect(await find({ secret: "t" })).toBeUndefined();
    expect(await find({ secret: "s", retrieval: "tool" })).toBeUndefined();
    expect(await find({ secret: "s", retrieval: false })).toBeUndefined();
    expect(await find({ secret: "s", namespace: "n" })).toBeUndefined();
  });

  it("tells of a store that fails, and goes on", async () => {
    const errors: unknown[] = [];
    const kept = keepUnder({
      store: { ...shared, get: () => new Promise(() => {}) },
      storeTimeoutMs: 10,
      onError: (error, phase) => errors.push([String(error), phase]),
    })<string>("test");
    expect(await kept.find("b")).toBeUndefined();
    expect(errors).toEqual([["Error: The store took more than 10 ms.", "retrieval"]]);
  });
});
