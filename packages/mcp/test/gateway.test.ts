/** The gateway around real servers, with real clients. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { retrieveToolSpec } from "@headroom/core";
import { Client as ClientOf2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioOf2 } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Connected, connected, everything, type Spawn } from "./gateway-script.ts";

const program = fileURLToPath(new URL("gateway-program.ts", import.meta.url));
const require = createRequire(import.meta.url);
const server = (name: string): string =>
  join(
    dirname(require.resolve(`@modelcontextprotocol/server-${name}/package.json`)),
    "dist/index.js",
  );
const folder = mkdtempSync(join(tmpdir(), "headroom-gateway-"));
const originals = join(folder, "originals.db");
const files = join(folder, "files");

function direct(name: string, ...args: readonly string[]): Spawn {
  return { command: process.execPath, args: [server(name), ...args] };
}

function wrapped({ command, args }: Spawn): Spawn {
  const own = ["--conditions=@headroom/source", "--no-warnings", program];
  return {
    command: process.execPath,
    args: [...own, command, ...args],
    env: { ORIGINALS: originals },
  };
}

const open: { close(): Promise<void> }[] = [];
async function client(spawn: Spawn): Promise<Connected> {
  const made = await connected(spawn);
  open.push(made.client);
  return made;
}

const ROWS = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  sku: `SKU-${(id * 7_919) % 9_973}`,
  state: id % 97 === 0 ? "failed" : "shipped",
  note: `parcel ${(id * 104_729) % 9_973} left at ${(id * 31) % 24} o'clock`,
}));

beforeAll(async () => {
  const { mkdirSync } = await import("node:fs");
  mkdirSync(files);
  writeFileSync(join(files, "rows.json"), JSON.stringify(ROWS));
  writeFileSync(join(files, "lines.txt"), ROWS.map(({ note }) => `${note}\n`).join(""));
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: { readonly content?: string };
  readonly isError?: boolean;
}

async function call(
  { client: of }: Pick<Connected, "client">,
  name: string,
  args: Record<string, unknown>,
): Promise<ToolResult> {
  return (await of.callTool({ name, arguments: args })) as unknown as ToolResult;
}

/** Times and names that differ from run to run. */
function steady(said: unknown): unknown {
  const text = JSON.stringify(said)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UUID")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/"taskId":"[^"]*"/g, '"taskId":"ID"');
  return JSON.parse(text);
}

describe("server-everything behind the gateway", () => {
  it("does all that it does without", { timeout: 60_000 }, async () => {
    const spawn = direct("everything", "stdio");
    const [without, behind] = await Promise.all(
      [spawn, wrapped(spawn)].map(async (one) => steady(await everything(await client(one)))),
    );
    const { tools, ...rest } = behind as { tools: { tools: { name: string }[] } };
    const { tools: toolsWithout, ...restWithout } = without as typeof behind & {
      tools: typeof tools;
    };
    expect(rest).toEqual(restWithout);
    expect(tools.tools.at(-1)?.name).toBe(retrieveToolSpec.name);
    expect({ ...tools, tools: tools.tools.slice(0, -1) }).toEqual(toolsWithout);
    expect(
      Object.values(rest).filter((one) => String(one).startsWith("rejected")).length,
    ).toBeLessThan(6);
  });
});

describe("server-filesystem behind the gateway", () => {
  it("answers as without where answers are short", { timeout: 60_000 }, async () => {
    const spawn = direct("filesystem", files);
    const script = async (one: Spawn): Promise<readonly unknown[]> => {
      const made = await client(one);
      await made.client.listTools();
      const path = join(files, "new.txt");
      return [
        await call(made, "list_allowed_directories", {}),
        await call(made, "write_file", { path, content: "one\ntwo\n" }),
        await call(made, "edit_file", { path, edits: [{ oldText: "two", newText: "three" }] }),
        await call(made, "read_text_file", { path, head: 1 }),
        await call(made, "get_file_info", { path: files }).then(({ isError }) => isError),
        await call(made, "search_files", { path: files, pattern: "*.json" }),
        await call(made, "read_text_file", { path: "/etc/passwd" }),
        readFileSync(path, "utf8"),
      ];
    };
    expect(await script(wrapped(spawn))).toEqual(await script(spawn));
  });

  it("sends a thousand rows in 15 % of their characters, and every row can be had", {
    timeout: 60_000,
  }, async () => {
    const made = await client(wrapped(direct("filesystem", files)));
    await made.client.listTools();
    const { content, structuredContent } = await call(made, "read_text_file", {
      path: join(files, "rows.json"),
    });
    const whole = JSON.stringify(ROWS);
    const shown = content[0]?.text ?? "";
    expect(shown.length / whole.length).toBeLessThan(0.15);
    // A client of which nothing is known may have code that reads it, and its schema asks for it.
    expect(structuredContent?.content).toBe(whole);
    const hash = /\[\[hr:(\w+)/.exec(shown)?.[1];
    const rows: unknown[] = [];
    for (let from = 0; from < ROWS.length; from += 50) {
      const args = { hash, rows: `${from}-${from + 49}` };
      const { content: served } = await call(made, "headroom_retrieve", args);
      const found = (served[0]?.text ?? "").match(/\{"id":.*?\}/g) ?? [];
      rows.push(...found.map((row) => JSON.parse(row)));
    }
    expect(rows).toEqual(ROWS);
    const counted = await call(made, "headroom_retrieve", {
      hash,
      path: "[state=failed]",
      count: true,
    });
    expect(counted.content[0]?.text).toContain("11");
    const found = await call(made, "headroom_retrieve", { hash, query: ROWS[777]?.sku });
    expect(found.content[0]?.text).toContain(JSON.stringify(ROWS[777]));
  });

  it("serves the v2 client, whose originals outlive the process", { timeout: 60_000 }, async () => {
    const ask = async (name: string, args: Record<string, unknown>): Promise<ToolResult> => {
      const { command, args: own, env = {} } = wrapped(direct("filesystem", files));
      const of2 = new ClientOf2({ name: "somebody", version: "1" }, {});
      await of2.connect(
        new StdioOf2({
          command,
          args: [...own],
          env: { ...(process.env as Record<string, string>), ...env },
          stderr: "ignore",
        }),
      );
      await of2.listTools();
      const result = await of2.callTool({ name, arguments: args });
      await of2.close();
      return result as unknown as ToolResult;
    };
    const { content } = await ask("read_text_file", { path: join(files, "rows.json") });
    const hash = /\[\[hr:(\w+)/.exec(content[0]?.text ?? "")?.[1];
    const served = await ask("headroom_retrieve", { hash, rows: "999" });
    expect(served.content[0]?.text).toContain(JSON.stringify(ROWS[999]));
  });
});
