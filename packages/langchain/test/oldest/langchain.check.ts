import { createAgent } from "langchain";
import { createAgent as oldest } from "langchain-oldest";
import { expect, it } from "vitest";

it("runs on the oldest version", () => {
  expect(createAgent).toBe(oldest);
});
