import OpenAI from "openai";
import { AzureOpenAI, OpenAI as First } from "openai-5";
import { expect, expectTypeOf, it } from "vitest";
import { withHeadroom } from "../../src/index.ts";

it("runs on the first version of openai 5, with its types", () => {
  expect(OpenAI).toBe(First);
  const azure = { endpoint: "http://127.0.0.1", apiVersion: "2026-01-01" };
  expectTypeOf(withHeadroom(new First({ apiKey: "k" }))).toEqualTypeOf<First>();
  expectTypeOf(
    withHeadroom(new AzureOpenAI({ apiKey: "k", ...azure })),
  ).toEqualTypeOf<AzureOpenAI>();
});
