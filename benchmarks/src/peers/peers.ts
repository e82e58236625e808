import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { headroomAi } from "./headroom-ai.ts";
import { opencode } from "./opencode.ts";
import type { Peer } from "./peer.ts";

/** In the order in which they are run. */
export const PEERS: readonly Peer[] = [claudeCode, codex, opencode, headroomAi];
