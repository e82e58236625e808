/** One law, runnable under any test runner: `for (const law of cases) it(law.name, law.run)`. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** Case name to reason. A name that matches no case is an error, so that skips cannot go stale. */
export type Skips = Readonly<Record<string, string>>;

/** Leaves out what a subject declares it does differently. Throws on a skip that is stale or has no reason. */
export function withoutSkipped(
  cases: readonly ConformanceCase[],
  skips: Skips = {},
): readonly ConformanceCase[] {
  const names = new Set(cases.map(({ name }) => name));
  for (const [name, reason] of Object.entries(skips)) {
    if (!names.has(name)) {
      throw new Error(`Skipped case "${name}" does not exist. Cases: ${[...names].join("; ")}`);
    }
    if (reason.trim() === "") throw new Error(`Skipped case "${name}" gives no reason.`);
  }
  return cases.filter(({ name }) => !Object.hasOwn(skips, name));
}
