/**
 * `npm run peers`: programs that people run behind the proxy, installed as people install them, with and without the proxy, against
 * a scripted model.
 *
 *     --only NAME         one of them; may be given several times
 *     --cache FOLDER      where they are installed
 *     --sabotage NAME     through a proxy that does wrong: there has to be a miss
 *
 * Exits with 1 on a miss, and where a program could not be installed.
 */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { print, report } from "../report.ts";
import { holds, type Row } from "./peer.ts";
import { PEERS } from "./peers.ts";
import { type Sabotage, sabotages } from "./sabotage.ts";
import { wireWith } from "./wire.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    only: { type: "string", multiple: true },
    cache: { type: "string", default: join(tmpdir(), "headroom-peers") },
    sabotage: { type: "string" },
  },
});

const { only, cache, sabotage } = values;
const chosen = PEERS.filter(({ name }) => only?.includes(name) ?? true);
if (chosen.length === 0 || (sabotage !== undefined && !isSabotage(sabotage))) {
  print(`Peers: ${PEERS.map(({ name }) => name).join(", ")}. Sabotages: ${sabotages.join(", ")}.`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(sabotage as Sabotage | undefined);
}

function isSabotage(name: string): name is Sabotage {
  return (sabotages as readonly string[]).includes(name);
}

/** @returns the exit code */
async function run(wrong: Sabotage | undefined): Promise<number> {
  const out = report("peers", "Programs behind the proxy", { command: "peers" });
  const wire = wireWith(wrong);
  const missing: string[] = [];
  let missed = 0;
  for (const peer of chosen) {
    const installed = await peer.install(resolve(cache, peer.name));
    if ("why" in installed) {
      missing.push(`${peer.name}: ${installed.why}`);
      continue;
    }
    const began = performance.now();
    const rows = await peer.run(installed, wire).catch((error: unknown): readonly Row[] => {
      return [holds("it ran", false, error instanceof Error ? error.message : String(error))];
    });
    out.heading(`${installed.version} (${Math.round((performance.now() - began) / 1_000)} s)`);
    out.table(
      ["what", "measured", "to reach", "met"],
      rows.map(({ what, value, reach, isMet }) => [what, value, reach, isMet ? "yes" : "NO"]),
    );
    missed += rows.filter(({ isMet }) => !isMet).length;
  }
  if (missing.length > 0) {
    out.heading("NOT INSTALLED: nothing is known about these");
    out.text(missing.map((line) => `- **${line}**`).join("\n"));
  }
  out.text(missed === 0 ? "Every row that was measured is met." : `${missed} rows are missed.`);
  if (wrong === undefined && only === undefined) out.save();
  return missed > 0 || missing.length > 0 ? 1 : 0;
}
