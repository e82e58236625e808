/** The real clients, of both generations, over stdio and HTTP, behind one face. */
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  Client as Client2,
  StreamableHTTPClientTransport as Http2,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2 } from "@modelcontextprotocol/client/stdio";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as Stdio1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

export interface Answered {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
}

export interface TestClient {
  call(name: string, args?: object): Promise<Answered>;
  tools(): Promise<readonly { name: string; [key: string]: unknown }[]>;
  read(uri: string): Promise<string>;
  templates(): Promise<readonly string[]>;
  instructions(): string | undefined;
  pid(): number | null;
  close(): Promise<void>;
}

export interface ServerAt {
  /** Over HTTP; else a server is started. */
  readonly url?: string;
  readonly token?: string;
  /** Arguments of `server.ts`. */
  readonly args?: readonly string[];
  /** What the client calls itself. */
  readonly name?: string;
  /** Headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Folders that the client names; absent where it cannot. */
  readonly roots?: readonly string[];
}

const SERVER = fileURLToPath(new URL("./server.ts", import.meta.url));

function command(args: readonly string[] = []) {
  return {
    command: process.execPath,
    args: ["--conditions=@headroom/source", SERVER, ...args],
    stderr: "ignore" as const,
  };
}

function rootsOf(roots: readonly string[]): { roots: { uri: string }[] } {
  return { roots: roots.map((root) => ({ uri: pathToFileURL(root).href })) };
}

const headersOf = ({ token, headers }: ServerAt) => ({
  requestInit: {
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  },
});

export async function clientV1(at: ServerAt): Promise<TestClient> {
  const { url, args, name = "v1-client", roots } = at;
  const client = new Client1(
    { name, version: "1.0.0" },
    { capabilities: roots ? { roots: {} } : {} },
  );
  if (roots) client.setRequestHandler(ListRootsRequestSchema, () => rootsOf(roots));
  const transport = url ? new Http1(new URL(url), headersOf(at)) : new Stdio1(command(args));
  await client.connect(transport as Stdio1);
  return {
    call: async (tool, given = {}) =>
      (await client.callTool({ name: tool, arguments: { ...given } })) as unknown as Answered,
    tools: async () => (await client.listTools()).tools,
    read: async (uri) => textOf((await client.readResource({ uri })).contents[0]),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    instructions: () => client.getInstructions(),
    pid: () => (transport instanceof Stdio1 ? transport.pid : null),
    close: () => client.close(),
  };
}

export async function clientV2(at: ServerAt): Promise<TestClient> {
  const { url, args, name = "v2-client", roots } = at;
  const client = new Client2(
    { name, version: "1.0.0" },
    { capabilities: roots ? { roots: {} } : {}, versionNegotiation: { mode: "auto" } },
  );
  if (roots) client.setRequestHandler("roots/list", () => rootsOf(roots));
  const transport = url ? new Http2(new URL(url), headersOf(at)) : new Stdio2(command(args));
  await client.connect(transport);
  return {
    call: async (tool, given = {}) =>
      (await client.callTool({ name: tool, arguments: { ...given } })) as unknown as Answered,
    tools: async () => (await client.listTools()).tools,
    read: async (uri) => textOf((await client.readResource({ uri })).contents[0]),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    instructions: () => client.getInstructions(),
    pid: () => (transport instanceof Stdio2 ? transport.pid : null),
    close: () => client.close(),
  };
}

function textOf(content: object | undefined): string {
  return content && "text" in content ? String(content.text) : "";
}

/** All texts of an answer, one under the other. */
export function said({ content }: Answered): string {
  return content.map(({ text }) => text).join("\n");
}
