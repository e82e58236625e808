/**
 * The simulated prompt cache behind `headroom.cost`, for requests of any make: `@headroom/core/cost`.
 *
 * For benches and dashboards that have requests and no session.
 */
export {
  type PriceTable,
  type PromptCache,
  promptCache,
  type RequestPart,
  type TokenBill,
} from "./history/prompt-cache.ts";
