/** What is loaded with the first request that may have grown old. */
export { replayMemory } from "./memory.ts";
export { replayHistory } from "./run.ts";
