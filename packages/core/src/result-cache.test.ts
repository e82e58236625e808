import { expect, it } from "vitest";
import { parameterJoiner, resultCache } from "./result-cache.ts";

it("a result is found under its text, its parameters and its question, whatever was asked in between", () => {
  const join = parameterJoiner();
  const cache = resultCache<string>(1e6);
  const asked = ["a", "b"].flatMap((text) =>
    ["lossless", "balanced"].flatMap((mode) =>
      ["", "why?", "how?"].map((query) => [text, mode, query]),
    ),
  ) as [string, string, string][];
  for (const [text, mode, query] of asked)
    cache.set(text, join(mode, query), `${text} ${mode} ${query}`, 1);
  for (const [text, mode, query] of asked.toReversed())
    expect(cache.get(text, join(mode, query))).toBe(`${text} ${mode} ${query}`);
  expect(cache.get("a", join("balanced", "who?"))).toBeUndefined();
});
