import type { Peer } from "./peer.ts";

/** In the order in which they are run. */
export const PEERS: readonly Peer[] = [];
