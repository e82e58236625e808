import { describe, expect, it } from "vitest";
import type { ConformanceCase } from "../src/index.ts";

/** Names of the cases a subject fails, in order. */
export async function failures(cases: readonly ConformanceCase[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

/**
 * Shows that every law can fail, and that each fails for its own reason: a liar is rejected by the case of its name and by
 * no other. One that throws may break others beside it: a throw is no decline.
 */
export function describeLiars<Subject>(
  casesOf: (subject: Subject) => readonly ConformanceCase[],
  honest: Subject,
  liars: Readonly<Record<string, { readonly subject: Subject; readonly throws?: boolean }>>,
): void {
  const laws = casesOf(honest).map(({ name }) => name);

  describe("the honest one keeps", () => {
    for (const law of casesOf(honest)) it(law.name, law.run);
  });

  it("every law has a liar, and every liar a law", () => {
    expect(Object.keys(liars).toSorted()).toEqual(laws.toSorted());
  });

  describe("a liar is caught by", () => {
    for (const [law, { subject, throws = false }] of Object.entries(liars)) {
      it(law, async () => {
        const failed = await failures(casesOf(subject));
        if (throws) expect(failed).toContain(law);
        else expect(failed).toEqual([law]);
      });
    }
  });
}
