/**
 * Sessions of OpenCode: in a SQLite file (`opencode.db`), in older versions one JSON file for each message and each of its parts.
 *
 * Both become messages as Anthropic has them; what a tool answered stands in its part of the assistant's message there.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord, type UnknownRecord } from "@headroom/core/kit";
import { CommandError } from "../command-error.ts";

export interface OpenCodeSession {
  readonly id: string;
  /** Roughly: of the stored parts. */
  readonly bytes: number;
  read(): Promise<readonly unknown[]>;
}

/** @throws CommandError where this Node.js cannot read it */
export function databaseSessions(path: string): readonly OpenCodeSession[] {
  const sqlite = process.getBuiltinModule?.("node:sqlite");
  if (!sqlite) throw new CommandError(`${path} needs Node.js 22.13 or newer.`);
  const withDatabase = <Result>(
    use: (all: (sql: string, ...values: string[]) => UnknownRecord[]) => Result,
  ): Result => {
    const database = new sqlite.DatabaseSync(path, { readOnly: true });
    try {
      return use((sql, ...values) => database.prepare(sql).all(...values) as UnknownRecord[]);
    } finally {
      database.close();
    }
  };
  const found = withDatabase((all) =>
    all(
      "SELECT session_id AS id, sum(length(data)) AS bytes FROM part GROUP BY session_id ORDER BY min(id)",
    ),
  );
  return found.map(({ id, bytes }) => ({
    id: String(id),
    bytes: Number(bytes),
    read: async () =>
      withDatabase((all) => {
        const parts = new Map<unknown, unknown[]>();
        for (const row of all(
          "SELECT message_id AS message, data FROM part WHERE session_id = ? ORDER BY id",
          String(id),
        )) {
          const ofMessage = parts.get(row.message) ?? [];
          ofMessage.push(parsed(row.data));
          parts.set(row.message, ofMessage);
        }
        const messages = all(
          "SELECT id, data FROM message WHERE session_id = ? ORDER BY id",
          String(id),
        );
        return messages.flatMap((row) => asMessages(parsed(row.data), parts.get(row.id) ?? []));
      }),
  }));
}

/** @param folder `storage` of OpenCode's data, with `message/SESSION/*.json` and `part/MESSAGE/*.json` */
export async function folderSessions(folder: string): Promise<readonly OpenCodeSession[]> {
  const ids = await namesIn(join(folder, "message"));
  return ids.map((id) => ({
    id,
    bytes: 0,
    async read() {
      const messages: unknown[] = [];
      for (const name of await namesIn(join(folder, "message", id))) {
        const message = await json(join(folder, "message", id, name));
        const partsFolder = join(folder, "part", name.replace(/\.json$/, ""));
        const parts: unknown[] = [];
        for (const part of await namesIn(partsFolder))
          parts.push(await json(join(partsFolder, part)));
        messages.push(...asMessages(message, parts));
      }
      return messages;
    },
  }));
}

/** Names sort by time: OpenCode's ids do. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).toSorted();
}

async function json(path: string): Promise<unknown> {
  return parsed(await readFile(path, "utf8").catch(() => ""));
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function asMessages(message: unknown, parts: readonly unknown[]): readonly unknown[] {
  if (!isRecord(message)) return [];
  const content: unknown[] = [];
  const results: unknown[] = [];
  for (const part of parts) {
    if (!isRecord(part)) continue;
    if (part.type === "text" && typeof part.text === "string" && part.text !== "")
      content.push({ type: "text", text: part.text });
    if (part.type !== "tool" || !isRecord(part.state)) continue;
    const { callID: id, tool: name, state } = part;
    content.push({ type: "tool_use", id, name, input: state.input ?? {} });
    if (typeof state.output === "string")
      results.push({ type: "tool_result", tool_use_id: id, content: state.output });
    else if (typeof state.error === "string")
      results.push({ type: "tool_result", tool_use_id: id, content: state.error, is_error: true });
  }
  if (content.length === 0) return [];
  const role = message.role === "user" ? "user" : "assistant";
  return [
    { role, content, ...usageOf(message) },
    ...(results.length > 0 ? [{ role: "user", content: results }] : []),
  ];
}

/** What the provider counted, as Anthropic says it. */
function usageOf({ tokens }: UnknownRecord): { usage?: UnknownRecord } {
  if (!isRecord(tokens) || !isRecord(tokens.cache)) return {};
  const { input, output, cache } = tokens;
  return {
    usage: {
      input_tokens: input,
      output_tokens: output,
      cache_read_input_tokens: cache.read,
      cache_creation_input_tokens: cache.write,
    },
  };
}
