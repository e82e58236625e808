/** Packages with more compressors, which are used where they are installed. */
import { type OptionalPackage, optionalPackages } from "../optional-compressors.ts";
import type { Check } from "./check.ts";

export async function optionalChecks(): Promise<readonly Check[]> {
  return (await optionalPackages()).map(checkOf);
}

export function checkOf({ name, plugin, problem }: OptionalPackage): Check {
  const row = { name: "Packages" };
  if (plugin) {
    const kinds = plugin.compressors().map(({ kind }) => kind);
    return { ...row, state: "ok", says: `${name} is installed, and used for ${kinds.join(", ")}.` };
  }
  if (problem === undefined)
    return {
      ...row,
      state: "ok",
      says: `the built-in ones. ${name} is not installed beside this command.`,
    };
  return {
    ...row,
    state: "warn",
    says: `${name} is installed and not used: ${problem}`,
    todo: `Install it again, in the version of headroom: npm install -g ${name}`,
  };
}
