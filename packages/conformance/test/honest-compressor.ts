import type { Compressor } from "@headroom/core";

const LEGEND = "#runs";

/** The smallest compressor that keeps every law: equal neighbouring lines once, with a count. */
export function honestCompressor(): Compressor {
  return {
    name: "runs",
    kind: "runs",
    detect(sample) {
      const lines = sample.split("\n");
      return 1 - (0.9 * runsOf(lines).length) / lines.length;
    },
    encode(text) {
      const runs = runsOf(text.split("\n"));
      const form = [LEGEND, ...runs.map(([line, count]) => `${count}|${line}`)].join("\n");
      return form.length < text.length ? form : undefined;
    },
    shorten(text, { budgetTokens, counter }) {
      const lines = text.split("\n");
      if (counter.count(text) <= budgetTokens || lines.length < 20) return undefined;
      const kept = lines.filter(
        (line, index) => index < 3 || index >= lines.length - 3 || line.includes("ERROR"),
      );
      const count = lines.length - kept.length;
      if (count === 0) return undefined;
      const omitted = [{ unit: "lines", count, total: lines.length }];
      return { text: [...kept, `… ${count} lines left out`].join("\n"), omitted };
    },
    decode(compressed) {
      const [legend, ...runs] = compressed.split("\n");
      if (legend !== LEGEND) return undefined;
      const lines: string[] = [];
      for (const run of runs) {
        const bar = run.indexOf("|");
        const count = Number(run.slice(0, bar));
        if (bar < 1 || !(count > 0 && count < 1e6)) return undefined;
        for (let index = 0; index < count; index++) lines.push(run.slice(bar + 1));
      }
      return lines.join("\n");
    },
  };
}

function runsOf(lines: readonly string[]): [line: string, count: number][] {
  const runs: [string, number][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.[0] === line) last[1]++;
    else runs.push([line, 1]);
  }
  return runs;
}

const repeated = `starting\n${"waiting for lock\n".repeat(60)}got it\n`;
const varied = Array.from({ length: 80 }, (_, index) => `step ${index} of 80 👩‍👦`).join("\n");

export const honestSamples = [
  repeated,
  { text: `${varied}\nERROR disk full\n${varied}`, keeps: ["ERROR disk full"] },
  `${"ok\n".repeat(30)}${"\n".repeat(10)}done`,
];
