/** Headroom as an MCP server. */
export { createHeadroomMcp, type HeadroomMcp } from "./headroom-mcp.ts";
export type { HeadroomMcpOptions } from "./options.ts";
export type { HttpOptions, HttpServer } from "./serve/http.ts";
export type { StdioServer } from "./serve/stdio.ts";
