/**
 * The public surface of each package. A red test here means: decide whether others may rely on it, then write a changeset.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./markdown.ts";

const CORE_VALUES: readonly string[] = [
  "HeadroomError",
  "InvalidOptionError",
  "StoreError",
  "anthropicMessages",
  "compress",
  "compressText",
  "counterForModel",
  "createHeadroom",
  "defaultCompressors",
  "estimateTokens",
  "findMarkers",
  "isRetrieveToolName",
  "loadCounter",
  "memoryStore",
  "openaiMessages",
  "parseRef",
  "refOf",
  "refScope",
  "retrieve",
  "retrieveToolSpec",
  "simulate",
  "stripMarker",
  "toAnthropicTool",
  "toOpenAITool",
];
const CORE_TYPES: readonly string[] = [
  "BlockInfo",
  "BlockReport",
  "CallOptions",
  "CcrEntry",
  "CcrRef",
  "CcrStore",
  "CompressResult",
  "CompressTextOptions",
  "CompressTextResult",
  "Compressed",
  "CompressionContext",
  "Compressor",
  "ContentKind",
  "CounterName",
  "FoundMarker",
  "Headroom",
  "HeadroomErrorCode",
  "HeadroomOptions",
  "HeadroomStats",
  "Hooks",
  "MaybePromise",
  "MemoryStoreOptions",
  "MessageAdapter",
  "Mode",
  "Omission",
  "OmissionUnit",
  "Outcome",
  "RefScope",
  "RetrieveOptions",
  "RetrieveRequest",
  "RetrieveResult",
  "RetrievedSlice",
  "Role",
  "TextBlock",
  "TokenCounter",
  "ToolCall",
  "ToolSpec",
  "Totals",
];
const CONFORMANCE_VALUES: readonly string[] = [
  "LawError",
  "anyText",
  "ccrStoreCases",
  "compressorCases",
  "hostileTexts",
  "messageAdapterCases",
  "tokenCounterCases",
  "variantsOf",
];
const CONFORMANCE_TYPES: readonly string[] = [
  "CcrStoreSubject",
  "CompressorSample",
  "CompressorSubject",
  "ConformanceCase",
  "MessageAdapterSubject",
  "Skips",
  "TokenCounterSubject",
];

describe("@headroom/core", () => {
  it("exports these values", async () => {
    const core = await import("@headroom/core");
    expect(Object.keys(core).sort()).toEqual(CORE_VALUES);
  });

  it("exports these types", () => {
    expect(typesOf("packages/core/src/index.ts")).toEqual(CORE_TYPES);
  });
});

describe("@headroom/conformance", () => {
  it("exports these values", async () => {
    const conformance = await import("@headroom/conformance");
    expect(Object.keys(conformance).sort()).toEqual(CONFORMANCE_VALUES);
  });

  it("exports these types", () => {
    expect(typesOf("packages/conformance/src/index.ts")).toEqual(CONFORMANCE_TYPES);
  });
});

/** Names that an index file exports as types. It consists of `export { a, type B } from "…"` and nothing else. */
function typesOf(index: string): string[] {
  const source = readFileSync(join(root, index), "utf8");
  const names: string[] = [];
  for (const [statement, isType, list = ""] of source.matchAll(
    /export (type )?\{([^}]*)\} from "[^"]+";/g,
  )) {
    expect(statement).not.toContain(" as ");
    for (const name of list.split(",").map((part) => part.trim())) {
      if (name === "") continue;
      if (isType !== undefined) names.push(name);
      else if (name.startsWith("type ")) names.push(name.slice("type ".length));
    }
  }
  return names.sort();
}
