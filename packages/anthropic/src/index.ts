export type { Fetch } from "@headroom/core/wire";
export { type AnthropicClient, type HeadroomAnthropicOptions, withHeadroom } from "./client.ts";
