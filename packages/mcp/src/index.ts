/** Headroom as an MCP server. */
export { VERSION } from "./version.ts";
