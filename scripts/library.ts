/** How every package is built that others import: ESM and CommonJS, with types for both. */
import type { UserConfig } from "tsdown";

/**
 * Dependencies that are published as ESM only. Node.js 20.19 can require them, Jest and older bundlers cannot, so the CommonJS
 * build carries its own copy. They hold no state that two copies could disagree on.
 */
const ESM_ONLY = [/^@noble\/hashes/, /^tinypool/];

/** @param more what a package sets in another way */
export function library(
  entry: NonNullable<UserConfig["entry"]>,
  more: UserConfig = {},
): [esm: UserConfig, cjs: UserConfig] {
  const both: UserConfig = {
    entry,
    dts: true,
    platform: "neutral",
    fixedExtension: false,
    // Constants where they are used, and no dead code, so that bundles of it are smaller; names and lines stay readable.
    minify: { compress: { joinVars: false, sequences: false }, mangle: false, codegen: false },
    publint: true,
    attw: { profile: "strict", level: "error" },
    checks: { legacyCjs: false },
    ...more,
  };
  return [
    { ...both, format: "esm" },
    {
      ...both,
      format: "cjs",
      deps: { alwaysBundle: ESM_ONLY, onlyBundle: false },
      // A `require` where it is reached: vocabularies load as late as with `import()`, which Jest does not know in CommonJS.
      outputOptions: { dynamicImportInCjs: false },
    },
  ];
}
