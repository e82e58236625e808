/**
 * What an agent did next: of the literals in its next action that stood in the observation just before, how many can still
 * be read in the compressed observation. SWE-agent runs, and our own sessions' companion in `sessions.ts`.
 */
import { percent, progress, type Report, saved } from "./report.ts";
import type { Bench } from "./subject.ts";
import { tokensOf } from "./tokens.ts";

interface Step {
  readonly action?: string;
  readonly observation?: string;
}

export async function trajectories(bench: Bench): Promise<Report> {
  const out = bench.report("trajectories", "Next actions of SWE-agent runs");
  const rows = [await nextActions(out, bench)].filter((row) => row.length > 0);
  if (rows.length === 0) out.text("The shared corpora are not there.");
  else out.table(["set", "texts", "saved", "kept"], rows);
  out.save();
  return out;
}

async function nextActions(out: Report, { data, subject }: Bench): Promise<string[]> {
  const runs = data.readSet("trajectories").flatMap(({ name, text }) => {
    if (!text.trimStart().startsWith("{")) return [];
    try {
      const { trajectory } = JSON.parse(text) as { trajectory?: readonly Step[] };
      return trajectory === undefined ? [] : [{ name, trajectory }];
    } catch {
      return [];
    }
  });
  const sum = { before: 0, after: 0, used: 0, kept: 0, texts: 0 };
  const lost: string[][] = [];
  for (const { name, trajectory } of runs) {
    progress(name);
    const instance = subject.make({ store: subject.store() });
    for (const [index, { observation = "" }] of trajectory.entries()) {
      const { text } = await instance.compressText(observation);
      sum.before += tokensOf(observation);
      sum.after += tokensOf(text);
      sum.texts++;
      for (const literal of new Set(trajectory[index + 1]?.action?.match(/[\w./-]{6,}/g) ?? [])) {
        if (!observation.includes(literal)) continue;
        sum.used++;
        if (text.includes(literal)) sum.kept++;
        else lost.push([name.slice(0, 60), literal]);
      }
    }
  }
  progress("");
  if (sum.texts === 0) return [];
  if (lost.length > 0)
    out.table(["run", "literal of the next action that cannot be read"], lost, "file");
  out.judge(
    "trajectory actions",
    { met: sum.kept, of: sum.used },
    { note: `${percent(saved(sum.before, sum.after))} saved` },
  );
  return [
    "SWE-agent observations",
    String(sum.texts),
    percent(saved(sum.before, sum.after)),
    `${sum.kept}/${sum.used} next-action literals`,
  ];
}
