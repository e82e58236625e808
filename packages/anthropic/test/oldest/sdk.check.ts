import Anthropic from "@anthropic-ai/sdk";
import { Anthropic as Oldest } from "anthropic-oldest";
import { expect, expectTypeOf, it } from "vitest";
import { withHeadroom } from "../../src/index.ts";

it("runs on the oldest version, with its types", () => {
  expect(Anthropic).toBe(Oldest);
  expectTypeOf(withHeadroom(new Oldest({ apiKey: "k" }))).toEqualTypeOf<Oldest>();
});
