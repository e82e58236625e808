import { expect, it } from "vitest";
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
    "Returns exact parts of an original that was shortened. A shortened text starts with a line like [[hr:HASH kind, omitted: …]]; pass its HASH. Say which part you need with one of query, lines, rows or path; without any of them the original is returned from its start. The answer tells its position, the total size and the offset of what follows.",
  inputSchema: {
    type: "object",
    properties: {
      hash: {
        type: "string",
        description: "The 22 letters after [[hr: in the marker.",
      },
      query: {
        type: "string",
        description:
          "Words or an exact string to find; the best matching lines or rows are returned.",
      },
      lines: {
        type: "string",
        description: 'Line numbers of the original, from 1, e.g. "120-180,201".',
      },
      rows: {
        type: "string",
        description:
          'Elements of the JSON array (at path, else the largest one), from 0, e.g. "0-19,57".',
      },
      path: {
        type: "string",
        description: 'Path into a JSON original, e.g. "data.items[3].name".',
      },
      offset: {
        type: "integer",
        minimum: 0,
        description: "Where to go on: the offset the previous answer gave.",
      },
      limit: {
        type: "integer",
        minimum: 1,
        description: "The most lines, rows or matches to return.",
      },
    },
    required: ["hash"],
    additionalProperties: false,
  },
};

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
