/** Cross-encoders: models that read a question and a text together, and say how well the text answers it. */
import { type Batch, type LocalModelOptions, localModel } from "./local-model.ts";
import { type LocalScorer, sigmoid, softmaxAt } from "./scores.ts";

/**
 * A scorer by the question. Where there is none it rejects, and the structure of the text ranks. @throws InvalidOptionError
 */
export function reranker(options: LocalModelOptions): LocalScorer {
  const model = localModel(options, "AutoModelForSequenceClassification");
  const scoresOf = ({ logits, shape }: Batch): readonly number[] => {
    const [texts = 0, count = 1] = shape;
    return Array.from({ length: texts }, (_, text) =>
      count === 1 ? sigmoid(logits[text] ?? 0) : softmaxAt(logits, text * count, count, count - 1),
    );
  };
  return {
    name: "reranker",
    async score(units, query, { signal }) {
      if (query.trim() === "") throw new Error("there is no question to rank by");
      return model.score(units, query, signal, scoresOf);
    },
    close: () => model.close(),
  };
}
