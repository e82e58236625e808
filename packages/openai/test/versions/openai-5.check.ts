import OpenAI from "openai";
import { OpenAI as First } from "openai-5";
import { expect, it } from "vitest";

it("runs on the first version of openai 5", () => {
  expect(OpenAI).toBe(First);
});
