import { blockOf } from "../page.ts";
import type { Peer } from "../peer.ts";
import { both } from "./scenarios.ts";
import { pipInstall } from "./venv.ts";

/** The official Python client of OpenAI. */
export const pythonOpenai: Peer = {
  name: "python-openai",
  install: (folder) => pipInstall(folder, [["openai"]], ["openai"]),
  run: (installed, wire) =>
    both({
      installed,
      wire,
      program: "openai_client.py",
      config: (url) => blockOf("python-openai", "python", url),
    }),
};
