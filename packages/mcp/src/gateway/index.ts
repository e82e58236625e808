/** A gateway in front of another MCP server: `@headroom/mcp/gateway`. */
export {
  type ServerEnd,
  type StructuredPolicy,
  type WrapServerOptions,
  wrapServer,
} from "./wrap-server.ts";
