export type { Fetch } from "@headroom/core/wire";
export { type HeadroomOpenAIOptions, type OpenAIClient, withHeadroom } from "./client.ts";
