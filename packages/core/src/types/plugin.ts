import type { Compressor } from "./compressor.ts";

/** Where another thread finds a plugin. Plain data: it can be sent there. */
export interface PluginModule {
  /** What `import()` takes there: the URL of the module, for example its own `import.meta.url`. */
  readonly module: string;
  /** The name under which the module exports the plugin. */
  readonly name: string;
}

/**
 * Compressors of another package, used beside the built-in ones. A thread of a `runner` imports them itself, as functions cannot be
 * sent there: the module has to give the same compressors wherever it is imported.
 */
export interface CompressorPlugin extends PluginModule {
  /** Makes the compressors. Never throws. */
  compressors(): readonly Compressor[];
}
