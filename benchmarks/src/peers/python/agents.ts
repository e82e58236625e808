/** Agent frameworks, each on its own models for OpenAI and Anthropic. */
import { blockOf } from "../page.ts";
import type { Peer } from "../peer.ts";
import { both } from "./scenarios.ts";
import { pipInstall } from "./venv.ts";

export const agno: Peer = {
  name: "agno",
  install: (folder) => pipInstall(folder, [["agno", "openai", "anthropic"]], ["agno"]),
  run: (installed, wire) =>
    both({
      installed,
      wire,
      program: "agno_agent.py",
      config: (url) => blockOf("agno", "python", url),
    }),
};

export const strands: Peer = {
  name: "strands",
  install: (folder) =>
    pipInstall(folder, [["strands-agents[openai,anthropic]"]], ["strands-agents"]),
  run: (installed, wire) =>
    both({
      installed,
      wire,
      program: "strands_agent.py",
      config: (url) => blockOf("strands", "python", url),
    }),
};
