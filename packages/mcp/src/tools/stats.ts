/** `headroom_stats`: what this server has done since it was started. */
import { answer } from "../answer.ts";
import { objectOf } from "../schema.ts";
import { COUNT, READS, STRING, type Tool } from "./tool.ts";

const NUMBERS = { type: "object", additionalProperties: COUNT } as const;

export const statsTool: Tool = {
  name: "headroom_stats",
  title: "What was saved",
  description: "Tokens saved by this headroom server since it was started, and its store.",
  input: objectOf({}),
  output: objectOf(
    {
      calls: COUNT,
      retrievals: COUNT,
      tokensBefore: COUNT,
      tokensAfter: COUNT,
      savings: { type: "number", description: "0 to 1" },
      reads: NUMBERS,
      shared: {
        type: "object",
        properties: { puts: COUNT, duplicates: COUNT, reads: COUNT, savings: { type: "number" } },
      },
      store: STRING,
      warnings: { type: "array", items: STRING },
      namespace: STRING,
    },
    ["calls", "retrievals", "tokensBefore", "tokensAfter", "savings", "store", "warnings"],
  ),
  annotations: READS,
  async run({ service }) {
    const { calls, retrievals, tokensBefore, tokensAfter, reads: files } = service.served;
    const savings = tokensBefore > 0 ? 1 - tokensAfter / tokensBefore : 0;
    const { puts, duplicates, reads, savings: sharedSavings } = await service.shared.stats();
    const warnings = service.store.warnings?.() ?? [];
    const words = [
      `${calls} texts shortened or files read: ${tokensBefore} tokens became ${tokensAfter} (${percent(savings)} fewer). ${retrievals} retrievals.`,
      `${sum(files)} of them were files. ${puts} contents shared, ${reads} times read (${percent(sharedSavings)} fewer tokens).`,
      `Originals are in store "${service.store.name}".`,
      ...warnings,
    ].join("\n");
    return answer([words], {
      calls,
      retrievals,
      tokensBefore,
      tokensAfter,
      savings,
      reads: Object.fromEntries(files),
      shared: { puts, duplicates, reads, savings: sharedSavings },
      store: service.store.name,
      warnings,
      namespace: service.namespace,
    });
  },
};

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function sum(numbers: ReadonlyMap<string, number>): number {
  return [...numbers.values()].reduce((total, number) => total + number, 0);
}
