import { describe, expect, it } from "vitest";
import { attempts } from "./attempts.ts";

const url = "https://api.example/v1/messages";
const init = (count: string | undefined, key = "k"): RequestInit => ({
  headers: {
    "idempotency-key": key,
    ...(count === undefined ? {} : { "x-stainless-retry-count": count }),
  },
});

describe("an attempt that failed in a hidden round", () => {
  const kept = () => {
    const earlier = attempts();
    const attempt = earlier.begin();
    earlier.keep(url, init("0"), "{}", attempt);
    return { earlier, attempt };
  };

  it("is gone on with once, by the client's repetition of the same request", () => {
    const { earlier, attempt } = kept();
    expect(earlier.resume(url, init("1"), "{}")).toBe(attempt);
    expect(earlier.resume(url, init("2"), "{}")).toBeUndefined();
  });

  it.each([
    ["another url", "https://api.example/v1/other", init("1"), "{}"],
    ["another body", url, init("1"), '{"a":1}'],
    ["another key", url, init("1", "other"), "{}"],
  ])("is not gone on with by %s", (_, otherUrl, otherInit, body) => {
    const { earlier, attempt } = kept();
    expect(earlier.resume(otherUrl, otherInit, body)).toBeUndefined();
    expect(earlier.resume(url, init("1"), "{}")).toBe(attempt);
  });

  it.each([["0"], [undefined]])("is given up by a first attempt, which says %s", (count) => {
    const { earlier } = kept();
    expect(earlier.resume(url, init(count), "{}")).toBeUndefined();
    expect(earlier.resume(url, init("1"), "{}")).toBeUndefined();
  });

  it("is forgotten when many others wait", () => {
    const { earlier, attempt } = kept();
    for (let call = 0; call < 63; call++) earlier.keep(url, init("0"), `${call}`, earlier.begin());
    expect(earlier.resume(url, init("1"), "{}")).toBe(attempt);
    earlier.keep(url, init("0"), "{}", attempt);
    for (let call = 0; call < 64; call++) earlier.keep(url, init("0"), `${call}`, earlier.begin());
    expect(earlier.resume(url, init("1"), "{}")).toBeUndefined();
  });
});
