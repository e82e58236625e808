import { expect, it } from "vitest";
import { loadCounter } from "../tokens/index.ts";
import {
  isRetrieveToolName,
  retrieveToolSpec,
  takesHash,
  toAnthropicTool,
  toOpenAITool,
} from "./tool.ts";

/** Every byte of it: a change costs all users the prompt caches of their running conversations. */
const SPEC = {
  name: "headroom_retrieve",
  description:
    "Returns exact parts of the original of a shortened text, which starts with [[hr:HASH …]]. Select lines, rows or a path; query or level search in them, else in all; count gives only the number; offset goes on where an answer ended.",
  inputSchema: {
    type: "object",
    properties: {
      hash: { type: "string" },
      query: { type: "string", description: "Exact text or words" },
      lines: { type: "string", description: 'From 1: "120-180,201"' },
      rows: { type: "string", description: "Of the JSON array (at path), from 0" },
      path: {
        type: "string",
        description: "items[3].name, items[*].id, items[status=failed]",
      },
      level: { type: "string", description: "error, warn, info" },
      count: { type: "boolean" },
      offset: { type: "integer" },
      limit: { type: "integer" },
    },
    required: ["hash"],
    additionalProperties: false,
  },
};

it("costs at most 220 tokens: every request carries it", async () => {
  const { count } = await loadCounter("o200k_base");
  expect(count(JSON.stringify(toOpenAITool(retrieveToolSpec)))).toBeLessThanOrEqual(220);
});

it("the tool has the bytes it always had, in every form", () => {
  expect(JSON.stringify(retrieveToolSpec)).toBe(JSON.stringify(SPEC));
  const { name, description, inputSchema } = SPEC;
  expect(JSON.stringify(toOpenAITool(retrieveToolSpec))).toBe(
    JSON.stringify({ type: "function", function: { name, description, parameters: inputSchema } }),
  );
  expect(JSON.stringify(toAnthropicTool(retrieveToolSpec))).toBe(
    JSON.stringify({ name, description, input_schema: inputSchema }),
  );
});

it.each([
  ["headroom_retrieve", true],
  ["mcp__headroom__headroom_retrieve", true],
  ["headroom_retrieve_all", false],
  ["retrieve", false],
  ["", false],
  [undefined, false],
])("%s serves originals: %s", (name, serves) => {
  expect(isRetrieveToolName(name)).toBe(serves);
});

it.each<[unknown, boolean]>([
  [retrieveToolSpec.inputSchema, true],
  [{ type: "OBJECT", properties: { hash: {} } }, true],
  [{ type: "object", properties: { id: {} } }, false],
  [{ type: "object", required: ["hash"] }, false],
  [{ properties: null }, false],
  [undefined, false],
  [null, false],
  ["hash", false],
])("a tool with input %j takes a hash: %s", (schema, takes) => {
  expect(takesHash(schema)).toBe(takes);
});
