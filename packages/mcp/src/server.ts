/** One MCP server with the tools and resources of headroom, for one connection or one request. */
import { parseRef, refOf } from "@headroom/core";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type Tool as ListedTool,
  McpServer,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { failureOf } from "./answer.ts";
import type { Connection, Service } from "./context.ts";
import { toolSchema } from "./schema.ts";
import { takesStructured } from "./structured.ts";
import { compressTool } from "./tools/compress.ts";
import { readTool } from "./tools/read.ts";
import { retrieveTool } from "./tools/retrieve.ts";
import { sharedTool, shareTool } from "./tools/share.ts";
import { statsTool } from "./tools/stats.ts";
import type { Tool } from "./tools/tool.ts";
import { VERSION } from "./version.ts";

const TOOLS: readonly Tool[] = [
  compressTool,
  retrieveTool,
  readTool,
  shareTool,
  sharedTool,
  statsTool,
];

const INSTRUCTIONS =
  "Texts that start with [[hr:HASH …]] are shortened: headroom_retrieve gives back any part of the original, exactly. headroom_read reads long text files in fewer tokens with nothing left out.";

const ORIGINAL = "headroom://original/{hash}";

export function createServer(service: Service, connection: Connection): McpServer {
  const server = new McpServer(
    { name: "headroom", title: "Headroom", version: VERSION },
    { instructions: INSTRUCTIONS },
  );
  for (const tool of TOOLS) {
    const { name, title, description, input, annotations } = tool;
    server.registerTool(
      name,
      { title, description, inputSchema: toolSchema(input), annotations },
      async (args, context) => {
        const clientName = clientNameOf(server, context);
        const capabilities =
          saidWith<ClientCapabilities>(context, CLIENT_CAPABILITIES_META_KEY) ??
          server.server.getClientCapabilities();
        try {
          const call = { args, service, connection, context, clientName, capabilities };
          const result = await tool.run(call);
          return takesStructured(clientName) ? result : textOnly(result);
        } catch (error) {
          return failureOf(error, context.mcpReq.signal);
        }
      },
    );
  }
  // In place of the SDK's list, which cannot leave schemas of results out for some clients.
  server.server.setRequestHandler("tools/list", (_, context) => {
    const isStructured = takesStructured(clientNameOf(server, context));
    return { tools: TOOLS.map((tool) => listed(tool, isStructured)) };
  });
  server.registerResource(
    "original",
    new ResourceTemplate(ORIGINAL, { list: undefined }),
    {
      title: "Original of a shortened text",
      description: "The whole original that a marker [[hr:HASH …]] names, as it was.",
      mimeType: "text/plain",
    },
    async (uri, { hash }) => {
      const ref = typeof hash === "string" ? parseRef(hash) : undefined;
      const entry = ref && (await service.store.get(ref));
      if (!entry || refOf(entry.text, service.scope) !== ref)
        throw new ResourceNotFoundError(
          uri.href,
          "There is no such original: it expired, or was never stored here.",
        );
      return { contents: [{ uri: uri.href, mimeType: "text/plain", text: entry.text }] };
    },
  );
  return server;
}

/** What newer clients say of themselves with each call, and older ones at their start. */
function saidWith<Said>(context: ServerContext, key: string): Said | undefined {
  return (context.mcpReq.envelope as Readonly<Record<string, Said>> | undefined)?.[key];
}

function listed(
  { name, title, description, input, output, annotations }: Tool,
  isStructured: boolean,
): ListedTool {
  const inputSchema = { ...input, type: "object" as const };
  const outputSchema = { ...output, type: "object" as const };
  const all = { name, title, description, inputSchema, annotations: { title, ...annotations } };
  return isStructured ? { ...all, outputSchema } : all;
}

function textOnly<Result extends object>(result: Result): Result {
  return "structuredContent" in result ? { ...result, structuredContent: undefined } : result;
}

/** Over HTTP, older clients say who they are in a header alone. It stands in names of agents, which stand in lines of our own. */
function clientNameOf(server: McpServer, context: ServerContext): string {
  const { name } = saidWith<Implementation>(context, CLIENT_INFO_META_KEY) ??
    server.server.getClientVersion() ?? { name: context.http?.req?.headers.get("user-agent") };
  return (
    String(name ?? "")
      .replaceAll(/[^\w.@/-]+/g, "-")
      .slice(0, 60) || "client"
  );
}
