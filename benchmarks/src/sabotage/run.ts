/** `npm run bench -- --sabotage`: every sabotage on small inputs, beside the library as it is. */
import { CONCERNS, type ConcernName } from "../concerns.ts";
import { figureOf, type Judged, print, progress, report, unjudged } from "../report.ts";
import { library, type Size, type Subject } from "../subject.ts";
import { shownValue, type TargetName, targetsOf } from "../targets.ts";
import { type BenchSabotage, SABOTAGES, sabotaged } from "./list.ts";
import { smallCorpora } from "./small-corpora.ts";
import { isWorse } from "./worse.ts";

const SMALL: Size = {
  growthBytes: [24_000, 48_000, 96_000],
  rateBytes: 100_000,
  hostileUnits: 6_000,
  coldRuns: 1,
  coldRows: 200,
  enoughMs: 12,
  batches: 1,
};

/** @returns whether every target of these parts turned red under a sabotage of its own, and every sabotage did what it has to */
export async function runSabotages(names: readonly ConcernName[]): Promise<boolean> {
  const started = performance.now();
  const rowsOf = async (name: ConcernName, subject: Subject): Promise<readonly Judged[]> => {
    progress(`${subject.sabotage ?? "as it is"}: ${name}`);
    const { judged } = await CONCERNS[name]({
      subject,
      data: smallCorpora,
      size: SMALL,
      report: (part, title) => report(part, title, { loud: false }),
    });
    progress("");
    return [...judged, ...unjudged(name, judged)];
  };
  const honest = new Map<ConcernName, readonly Judged[]>();
  for (const name of names) honest.set(name, await rowsOf(name, library));
  const seen = new Set<TargetName>();
  let blind = 0;
  for (const sabotage of SABOTAGES) {
    const parts = names.filter((name) =>
      targetsOf(name).some((target) => sabotage.turns.includes(target)),
    );
    for (const part of parts) {
      const rows = await rowsOf(part, sabotaged(sabotage.name));
      for (const target of targetsOf(part).filter((one) => sabotage.turns.includes(one))) {
        const { unseen, words } = looked(target, honest.get(part) ?? [], rows);
        if (unseen.length === 0) seen.add(target);
        blind += unseen.length;
        print(
          `${unseen.length === 0 ? "red, as it has to be" : "NOT SEEN"}: ${target}, where the library ${sabotage.does}: ${words}`,
        );
      }
    }
  }
  const all = names.flatMap((name) => targetsOf(name));
  const without = all.filter((target) => !isTurned(target, SABOTAGES));
  for (const target of without) print(`${target}: has no sabotage`);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  print(
    `\n${seen.size} of ${all.length} targets turned red under a sabotage; ${blind} rows did not where they had to. ${seconds} s.`,
  );
  return blind === 0 && seen.size === all.length;
}

/** Whether a sabotage of the list is there for a target. */
export function isTurned(target: TargetName, sabotages: readonly BenchSabotage[]): boolean {
  return sabotages.some(({ turns }) => turns.includes(target));
}

/** The rows of one target that are not red over the sabotage. */
function looked(
  target: TargetName,
  honest: readonly Judged[],
  sabotaged: readonly Judged[],
): { readonly unseen: readonly string[]; readonly words: string } {
  const rows = sabotaged.filter(({ name }) => name === target);
  const unseen = rows.filter((row) => {
    const before = honest.find(({ name, of }) => name === target && of === row.of);
    return row.reached || !isWorse(row.target, before?.measured, row.measured);
  });
  const shown = (row: Judged): string => {
    const before = honest.find(({ name, of }) => name === target && of === row.of);
    return `${row.of === "" ? "" : `${row.of}: `}${shownValue(row.target, before?.measured)} → ${shownValue(row.target, row.measured)}`;
  };
  return {
    unseen: unseen.map(figureOf),
    words: (unseen.length > 0 ? unseen : rows).slice(0, 4).map(shown).join("; "),
  };
}
