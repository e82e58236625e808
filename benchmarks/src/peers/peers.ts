import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { headroomAi } from "./headroom-ai.ts";
import { claudeCodeMcp } from "./mcp/claude-code-mcp.ts";
import { mcpInspector } from "./mcp/inspector.ts";
import { opencode } from "./opencode.ts";
import type { Peer } from "./peer.ts";
import { agno, strands } from "./python/agents.ts";
import { pythonAnthropic } from "./python/anthropic.ts";
import { litellm } from "./python/litellm.ts";
import { pythonOpenai } from "./python/openai.ts";
import { portkey } from "./python/portkey.ts";

/** In the order in which they are run. */
export const PEERS: readonly Peer[] = [
  claudeCode,
  claudeCodeMcp,
  mcpInspector,
  codex,
  opencode,
  headroomAi,
  pythonOpenai,
  pythonAnthropic,
  agno,
  strands,
  litellm,
  portkey,
];
