/**
 * `npm run peers`: programs that people run behind the proxy, installed as people install them, with and without the proxy, against
 * a scripted model.
 *
 *     --only NAME         one of them; may be given several times
 *     --cache FOLDER      where they are installed
 *     --sabotage NAME     through a proxy that does wrong: there has to be a miss
 *
 * Each run replaces the sections of its programs in `results/peers.md`. Exits with 1 on a miss, and where a program could not be installed.
 */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { print, progress } from "../report.ts";
import { holds, type Row } from "./peer.ts";
import { PEERS } from "./peers.ts";
import { type Section, saveSections, sectionText } from "./results.ts";
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
  const wire = wireWith(wrong);
  const missing: string[] = [];
  const sections: Section[] = [];
  for (const peer of chosen) {
    progress(peer.name);
    const installed = await peer.install(resolve(cache, peer.name));
    if ("why" in installed) {
      missing.push(`${peer.name}: ${installed.why}`);
      continue;
    }
    const began = performance.now();
    const rows = await peer.run(installed, wire).catch((error: unknown): readonly Row[] => {
      return [holds("it ran", false, error instanceof Error ? error.message : String(error))];
    });
    const seconds = Math.round((performance.now() - began) / 1_000);
    const section = { name: peer.name, version: installed.version, seconds, rows };
    sections.push(section);
    print(`\n${sectionText(section)}`);
  }
  progress("");
  if (missing.length > 0)
    print(`\nNOT INSTALLED, nothing is known about these:\n${missing.join("\n")}`);
  const missed = sections.flatMap(({ rows }) => rows).filter(({ isMet }) => !isMet).length;
  print(missed === 0 ? "\nEvery row that was measured is met." : `\n${missed} rows are missed.`);
  if (wrong === undefined)
    saveSections(
      sections,
      PEERS.map(({ name }) => name),
    );
  return missed > 0 || missing.length > 0 ? 1 : 0;
}
