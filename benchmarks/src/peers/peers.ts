import type { Peer } from "./peer.ts";
import { pythonAnthropic } from "./python/anthropic.ts";
import { pythonOpenai } from "./python/openai.ts";

/** In the order in which they are run. */
export const PEERS: readonly Peer[] = [pythonOpenai, pythonAnthropic];
