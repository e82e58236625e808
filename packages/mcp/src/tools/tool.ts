/** A tool of this server. */
import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  ServerContext,
  ToolAnnotations,
} from "@modelcontextprotocol/server";
import type { Connection, Service } from "../context.ts";
import type { Arguments } from "../schema.ts";

export interface Call {
  readonly args: Arguments;
  readonly service: Service;
  readonly connection: Connection;
  readonly context: ServerContext;
  /** What the client calls itself. */
  readonly clientName: string;
  /** What the client says that it can do. */
  readonly capabilities: ClientCapabilities | undefined;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly annotations: ToolAnnotations;
  /** May throw: what is thrown becomes an answer in words. */
  run(call: Call): Promise<CallToolResult | InputRequiredResult>;
}

/** Nothing outside this machine is asked, nothing is deleted. */
export const READS: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

export const STRING = { type: "string" } as const;
export const COUNT = { type: "integer", minimum: 0 } as const;
export const BOOLEAN = { type: "boolean" } as const;
export const HASH = { type: "string", description: "Name of the original in the store" } as const;
