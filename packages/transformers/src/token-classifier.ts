/**
 * Token classifiers that say of each token whether it can be left out, as LLMLingua-2 has them.
 *
 * Pan et al., "LLMLingua-2: Data Distillation for Efficient and Faithful Task-Agnostic Prompt Compression" (2024). There, tokens are left out;
 * here the mean of a sentence ranks the sentence, which stays as it is or goes as a whole.
 */
import { InvalidOptionError } from "@headroom/core";
import { type Batch, type LocalModelOptions, localModel } from "./local-model.ts";
import { type LocalScorer, softmaxAt } from "./scores.ts";

export interface TokenClassifierOptions extends LocalModelOptions {
  /** The label of tokens that are kept, as `id2label` of `config.json` names it. @default the last label */
  readonly keepLabel?: string;
}

/**
 * A scorer that needs no question: how much of a sentence its model would keep. @throws InvalidOptionError
 */
export function tokenClassifier(options: TokenClassifierOptions): LocalScorer {
  const model = localModel(options, "AutoModelForTokenClassification");
  const { keepLabel } = options;
  const scoresOf = ({ logits, shape, inputIds, specialIds, labels }: Batch): readonly number[] => {
    const [texts = 0, length = 0, count = 0] = shape;
    let keep = count - 1;
    if (keepLabel !== undefined) {
      const names = Array.from({ length: count }, (_, at) => labels[at]);
      keep = names.indexOf(keepLabel);
      if (keep < 0)
        throw new InvalidOptionError("keepLabel", keepLabel, `one of ${names.join(", ")}`);
    }
    return Array.from({ length: texts }, (_, text) => {
      let sum = 0;
      let tokens = 0;
      for (let at = text * length; at < (text + 1) * length; at++) {
        if (specialIds.has(Number(inputIds[at]))) continue;
        sum += softmaxAt(logits, at * count, count, keep);
        tokens++;
      }
      return tokens === 0 ? 0 : sum / tokens;
    });
  };
  return {
    name: "token-classifier",
    score: (units, _query, { signal }) => model.score(units, undefined, signal, scoresOf),
    close: () => model.close(),
  };
}
