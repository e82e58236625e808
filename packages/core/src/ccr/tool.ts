/** The tool a model calls to get back what was left out. Its bytes never change, so that prompt caches keep hitting. */

/** A tool as every provider can be given it. `inputSchema` is JSON Schema. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

const NAME = "headroom_retrieve";

/** The `headroom_retrieve` tool. */
export const retrieveToolSpec: ToolSpec = {
  name: NAME,
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

/** Whether a tool of this name serves originals, under any prefix (`mcp__headroom__headroom_retrieve`). */
export function isRetrieveToolName(name: string | undefined): boolean {
  return name?.endsWith(NAME) ?? false;
}

/** Whether a tool with this JSON Schema of its input takes the name of an original: another tool may have the name of ours. */
export function takesHash(schema: unknown): boolean {
  const { properties } = (schema ?? {}) as { readonly properties?: unknown };
  return typeof properties === "object" && properties !== null && "hash" in properties;
}

/** The tool in OpenAI's Chat Completions form. */
export function toOpenAITool(spec: ToolSpec): {
  type: "function";
  function: { name: string; description: string; parameters: Readonly<Record<string, unknown>> };
} {
  return {
    type: "function",
    function: { name: spec.name, description: spec.description, parameters: spec.inputSchema },
  };
}

/** The tool in Anthropic's Messages form. */
export function toAnthropicTool(spec: ToolSpec): {
  name: string;
  description: string;
  input_schema: Readonly<Record<string, unknown>> & { type: "object" };
} {
  return {
    name: spec.name,
    description: spec.description,
    input_schema: { ...spec.inputSchema, type: "object" },
  };
}
