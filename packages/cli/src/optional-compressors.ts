/**
 * Compressors of packages that need not be there: used by every command where they are installed beside this one.
 *
 * They are loaded with the first text, so that nothing else waits for them; worker threads load them by the address in the plugin.
 */
import type { CompressorPlugin } from "@headroom/core";

/** By package. Each is an optional peer dependency in package.json. */
const PACKAGES: Readonly<Record<string, () => Promise<CompressorPlugin>>> = {
  "@headroom/code": async () => (await import("@headroom/code")).codePlugin,
  "@headroom/html": async () => (await import("@headroom/html")).htmlPlugin,
};

/** Kinds of content that those packages know. */
export const OPTIONAL_KINDS: readonly string[] = ["code", "html", "snapshot"];

/** One such package. */
export interface OptionalPackage {
  readonly name: string;
  /** Absent where the package is not installed, or cannot be loaded. */
  readonly plugin?: CompressorPlugin;
  /** Why it cannot be loaded, although it is installed. */
  readonly problem?: string;
}

/** Looks for all of them. Never rejects. */
export function optionalPackages(): Promise<readonly OptionalPackage[]> {
  return Promise.all(
    Object.entries(PACKAGES).map(async ([name, load]) => {
      try {
        const plugin = await load();
        if (typeof plugin?.compressors === "function") return { name, plugin };
        return { name, problem: "it is of another version, and has no plugin." };
      } catch (error) {
        return isMissing(error, name) ? { name } : { name, problem: firstLine(error) };
      }
    }),
  );
}

/** For the `plugins` of an instance: of those packages the ones that can be loaded. */
export async function installedPlugins(): Promise<readonly CompressorPlugin[]> {
  const all = await optionalPackages();
  return all.flatMap(({ plugin }) => (plugin ? [plugin] : []));
}

/** Whether the package itself is not there, and not what it needs. */
function isMissing(error: unknown, name: string): boolean {
  const isNotFound =
    error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  return isNotFound && error.message.includes(`'${name}'`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
