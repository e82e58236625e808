/**
 * What is behind `headroom.cost` and `headroom.stability`, for requests of any make: `@headroom/core/cost`.
 *
 * For benches and dashboards that see requests one after the other.
 */
export {
  type PriceTable,
  type PromptCache,
  promptCache,
  type RequestPart,
  type TokenBill,
} from "./history/prompt-cache.ts";
export {
  type PrefixChange,
  type Stability,
  type StabilityOptions,
  type StabilityWatch,
  watchStability,
} from "./history/stability.ts";
