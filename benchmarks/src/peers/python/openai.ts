import { blockOf } from "../page.ts";
import type { Peer } from "../peer.ts";
import { compared, runProgram, withWorld } from "./scenarios.ts";
import { pipInstall } from "./venv.ts";

/** The official Python client of OpenAI. */
export const pythonOpenai: Peer = {
  name: "python-openai",
  install: (folder) => pipInstall(folder, [["openai"]], ["openai"]),
  run: (installed, wire) =>
    withWorld(installed.folder, async (home, world) => {
      const program = {
        installed,
        program: "openai_client.py",
        config: (url: string) => blockOf("python-openai", "python", url),
        wire,
        home,
        world,
      };
      const direct = await runProgram({ ...program, through: false });
      return compared(direct, await runProgram({ ...program, through: true }));
    }),
};
