/** Builds what the demo needs, quietly, and runs it. A failing build shows everything it said. */
import { spawnSync } from "node:child_process";
import process from "node:process";

const options = { encoding: "utf8", shell: process.platform === "win32" } as const;
const built = spawnSync("pnpm", ["--filter-prod", "headroom...", "run", "build"], options);
if (built.status === 0) {
  const demo = spawnSync(process.execPath, ["examples/demo/index.ts"], { stdio: "inherit" });
  process.exitCode = demo.status ?? 1;
} else {
  process.stderr.write(`${built.error?.message ?? ""}${built.stdout ?? ""}${built.stderr ?? ""}`);
  process.exitCode = 1;
}
