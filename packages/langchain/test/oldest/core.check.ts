import { AIMessage } from "@langchain/core/messages";
import { AIMessage as Oldest } from "langchain-core-oldest/messages";
import { expect, it } from "vitest";

it("runs on the oldest version", () => {
  expect(AIMessage).toBe(Oldest);
});
