import type { CompressorPlugin } from "@headroom/core";

/** Words for a kind of text that no built-in compressor makes so much of. */
export const plugin: CompressorPlugin = {
  module: import.meta.url,
  name: "plugin",
  compressors: () => [
    {
      name: "hurrah",
      kind: "hurrah",
      detect: (sample) => (sample.startsWith("hurrah ") ? 1 : 0),
      encode: (text) => `${text.split(" ").length} hurrahs`,
      decode: (form) => Array(Number.parseInt(form, 10)).fill("hurrah").join(" "),
    },
  ],
};
