/** One MCP server with the tools and resources of headroom, for one connection or one request. */
import { parseRef, refOf } from "@headroom/core";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  McpServer,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { failureOf } from "./answer.ts";
import type { Connection, Service } from "./context.ts";
import { toolSchema } from "./schema.ts";
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
    const { name, title, description, input, output, annotations } = tool;
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: toolSchema(input),
        outputSchema: toolSchema(output),
        annotations: { title, ...annotations },
      },
      async (args, context) => {
        try {
          return await tool.run({
            args,
            service,
            connection,
            context,
            clientName: clientNameOf(server, context),
            capabilities:
              saidWith<ClientCapabilities>(context, CLIENT_CAPABILITIES_META_KEY) ??
              server.server.getClientCapabilities(),
          });
        } catch (error) {
          return failureOf(error, context.mcpReq.signal);
        }
      },
    );
  }
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

/** In names of agents, which stand in lines of our own. */
function clientNameOf(server: McpServer, context: ServerContext): string {
  const info = saidWith<Implementation>(context, CLIENT_INFO_META_KEY);
  const { name } = info ?? server.server.getClientVersion() ?? { name: "" };
  return (
    String(name)
      .replaceAll(/[^\w.@/-]+/g, "-")
      .slice(0, 60) || "client"
  );
}
