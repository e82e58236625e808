import OpenAI from "openai";
import { OpenAI as First } from "openai-6";
import { expect, it } from "vitest";

it("runs on the first version of openai 6", () => {
  expect(OpenAI).toBe(First);
});
