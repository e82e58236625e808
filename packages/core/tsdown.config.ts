import { defineConfig } from "tsdown";
import { library } from "../../scripts/library.ts";
import { packedVocabularies } from "./scripts/packed-vocabularies.ts";

export default defineConfig(
  library(
    {
      index: "src/index.ts",
      bare: "src/bare.ts",
      // A file of its own, so that bundles of those who need only some compressors can leave it out or load it later.
      compressors: "src/compressors/index.ts",
      cost: "src/cost.ts",
      documents: "src/documents/documents.ts",
      estimate: "src/estimate.ts",
      "js-tiktoken": "src/tokens/js-tiktoken.ts",
      kit: "src/kit/index.ts",
      runner: "src/runner.ts",
      wire: "src/wire/index.ts",
    },
    { plugins: [packedVocabularies()] },
  ),
);
