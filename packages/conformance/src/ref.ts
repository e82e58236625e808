import { type CcrRef, refOf as coreRefOf, refScope } from "@headroom/core";

const scope = refScope("conformance");

/** A ref as the pipeline makes them: a store may refuse names that cannot be one. */
export function refOf(name: string): CcrRef {
  return coreRefOf(name, scope);
}
