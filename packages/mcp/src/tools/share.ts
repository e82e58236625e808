/** `headroom_share` and `headroom_shared`: contents by name that several agents use. */
import type { SharedRecord } from "@headroom/core";
import { answer, failure, ToolError } from "../answer.ts";
import { contentIn, countIn, isTrue, objectOf, textIn } from "../schema.ts";
import { BOOLEAN, type Call, COUNT, HASH, READS, STRING, type Tool } from "./tool.ts";

const AGENT = {
  type: "string",
  description: "Who you are, the same in every call; left out: this connection",
} as const;
const MAX_NAME = 256;

const RECORD = {
  name: STRING,
  version: COUNT,
  hash: HASH,
  agent: STRING,
  at: { type: "string", description: "ISO 8601" },
  tokens: { ...COUNT, description: "Of the whole content" },
} as const;

export const shareTool: Tool = {
  name: "headroom_share",
  title: "Share a content",
  description:
    "Keeps a content under a name for other agents, who read it with headroom_shared in fewer tokens. Sharing a name again makes its next version.",
  input: objectOf({ name: STRING, content: STRING, agent: AGENT }, ["name", "content"]),
  output: objectOf(
    {
      ...RECORD,
      sameAs: { type: "string", description: "The name that had this content before" },
      warnings: { type: "array", items: STRING },
    },
    ["name", "version", "hash", "agent", "at", "tokens"],
  ),
  annotations: { ...READS, readOnlyHint: false, idempotentHint: false },
  async run(call) {
    const { args, service } = call;
    const name = nameIn(args.name, "headroom_share");
    const content = contentIn(args, "content") ?? "";
    if (content === "")
      throw new ToolError("headroom_share needs content: the text to share, as a string.");
    const put = await service.shared.put(name, content, { agent: agentOf(call) });
    const { duplicateOf, warnings = [] } = put;
    const same = duplicateOf
      ? ` Its content is that of ${duplicateOf.name}, version ${duplicateOf.version}.`
      : "";
    const words = `Shared ${put.name}, version ${put.version} (${put.tokens} tokens).${same}`;
    return answer([[words, ...warnings].join("\n")], {
      ...recordOf(put),
      ...(duplicateOf ? { sameAs: duplicateOf.name } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    });
  },
};

export const sharedTool: Tool = {
  name: "headroom_shared",
  title: "Read what was shared",
  description:
    "Reads a content that an agent shared: shortened, or only what changed since you read it. Without a name: lists all names. full gives the whole content, also when you no longer see what you read before.",
  input: objectOf({
    name: STRING,
    full: { type: "boolean" },
    ifChangedSince: { type: "integer", description: "Number of the version you have" },
    agent: AGENT,
  }),
  output: objectOf({
    ...RECORD,
    form: { enum: ["full", "compressed", "difference", "same", "unchanged"] },
    text: STRING,
    tokensServed: COUNT,
    complete: BOOLEAN,
    entries: { type: "array", items: objectOf(RECORD) },
  }),
  annotations: READS,
  async run(call) {
    const { args, service } = call;
    if (textIn(args, "name") === undefined) {
      const entries = (await service.shared.entries()).map(recordOf);
      return answer([listed(entries)], { entries });
    }
    const name = nameIn(args.name, "headroom_shared");
    const since = countIn(args, "ifChangedSince");
    const view = await service.shared.get(name, {
      agent: agentOf(call),
      full: isTrue(args, "full"),
      ...(since === undefined ? {} : { ifChangedSince: since }),
    });
    if (!view)
      return failure(
        `Nothing is shared as ${quoted(name)}. Call headroom_shared without a name for the names there are.`,
      );
    const { form, text, tokensServed } = view;
    const head =
      form === "unchanged"
        ? `[${view.name}: version ${view.version} is the newest]`
        : `[${view.name}: version ${view.version} by ${view.agent}]`;
    const texts = form === "unchanged" ? [head] : says(form) ? [text] : [head, text];
    return answer(texts, { ...recordOf(view), form, text, tokensServed });
  },
};

/** Forms whose text names the content and its version. */
function says(form: string): boolean {
  return form === "difference" || form === "same";
}

interface Listed {
  readonly name: string;
  readonly version: number;
  readonly agent: string;
  readonly tokens: number;
}

function listed(entries: readonly Listed[]): string {
  if (entries.length === 0) return "Nothing is shared yet.";
  return entries
    .map(
      (entry) =>
        `${entry.name}: version ${entry.version} by ${entry.agent}, ${entry.tokens} tokens`,
    )
    .join("\n");
}

function recordOf({ name, version, ref, agent, at, tokens }: SharedRecord): {
  name: string;
  version: number;
  hash: string;
  agent: string;
  at: string;
  tokens: number;
} {
  return { name, version, hash: ref, agent, at: new Date(at).toISOString(), tokens };
}

/** Names stand in lines of our own: no line break, and not endlessly long. */
function nameIn(value: unknown, tool: string): string {
  if (typeof value !== "string" || value.trim() === "")
    throw new ToolError(`${tool} needs a name, as a string.`);
  if (!isPlain(value, MAX_NAME))
    throw new ToolError(`A name has up to ${MAX_NAME} characters, and no line breaks in it.`);
  return value;
}

function agentOf({ args, clientName, connection }: Call): string {
  const agent = textIn(args, "agent");
  if (agent === undefined) return `${clientName}-${connection.id}`;
  if (!isPlain(agent, MAX_NAME))
    throw new ToolError(
      `The name of an agent has up to ${MAX_NAME} characters, and no line breaks.`,
    );
  return agent;
}

function isPlain(text: string, most: number): boolean {
  return text.length <= most && text.isWellFormed() && !hasControl(text);
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 32) return true;
  return false;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
