import type { Steps } from "../../types/compressor.ts";
import type { Fact } from "../../types/statement.ts";
import { describe } from "../../view/describe.ts";

/** Characters of a value in a list. */
const MAX_LISTED = 40;

/** What is worth saying about the values of a field: few that are all different are a list. */
export function* factsOf(
  values: readonly (string | undefined)[],
  name: string,
): Steps<readonly Fact[]> {
  const facts = yield* describe(values, { name });
  const present = values.filter((value) => value !== undefined);
  const isListed =
    present.length === values.length && present.every((value) => value.length <= MAX_LISTED);
  return facts.map((fact) =>
    isListed && fact.says === "counts" && fact.counts.length === present.length
      ? { says: "list", values: present }
      : fact,
  );
}
