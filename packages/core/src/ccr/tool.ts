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
    "Returns exact parts of an original that was shortened. A shortened text starts with a line like [[hr:HASH kind, omitted: …]]; pass its HASH. Say which part you need with one of query, lines, rows or path; without any of them the original is returned from its start. The answer tells its position, the total size and the offset of what follows.",
  inputSchema: {
    type: "object",
    properties: {
      hash: { type: "string", description: "The 22 letters after [[hr: in the marker." },
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
