export { type HeadroomPlugin, type HeadroomPluginOptions, headroomPlugin } from "./plugin.ts";
export { type RetrieveToolOptions, retrieveTool } from "./retrieve-tool.ts";
