/** Two models of a few words, as folders that transformers.js loads: what a word weighs is a table. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type OnnxModel, onnxBytes } from "./onnx.ts";

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/** Weights by word; words that are not there weigh 0. */
export type Weights = Readonly<Record<string, number>>;

/** A token classifier: the logit of a word to be kept is its weight, that to be dropped is 0. */
export function writeClassifier(
  folder: string,
  weights: Weights,
  labels = ["drop", "keep"],
): Promise<void> {
  const words = [...SPECIAL, ...Object.keys(weights)];
  const values = words.flatMap((word) =>
    labels.map((label) => (label === "keep" ? (weights[word] ?? 0) : 0)),
  );
  return write(folder, words, labels, "BertForTokenClassification", {
    nodes: [{ operator: "Gather", inputs: ["table", "input_ids"], output: "logits" }],
    weights: { table: { shape: [words.length, labels.length], values } },
    inputs: ["input_ids", "attention_mask", "token_type_ids"],
    output: { name: "logits", shape: ["batch", "sequence", labels.length] },
  });
}

/** A cross-encoder: its logit is the sum of the weights of the words of the second text. */
export function writeCrossEncoder(folder: string, weights: Weights): Promise<void> {
  const words = [...SPECIAL, ...Object.keys(weights)];
  const FLOAT = 1;
  return write(folder, words, ["relevance"], "BertForSequenceClassification", {
    nodes: [
      { operator: "Gather", inputs: ["table", "input_ids"], output: "each" },
      { operator: "Cast", inputs: ["token_type_ids"], output: "second", attributes: { to: FLOAT } },
      { operator: "Mul", inputs: ["each", "second"], output: "counted" },
      {
        operator: "ReduceSum",
        inputs: ["counted"],
        output: "logits",
        attributes: { axes: [1], keepdims: 1 },
      },
    ],
    weights: { table: { shape: [words.length], values: words.map((word) => weights[word] ?? 0) } },
    inputs: ["input_ids", "attention_mask", "token_type_ids"],
    output: { name: "logits", shape: ["batch", 1] },
  });
}

async function write(
  folder: string,
  words: readonly string[],
  labels: readonly string[],
  architecture: string,
  model: OnnxModel,
): Promise<void> {
  await mkdir(join(folder, "onnx"), { recursive: true });
  await writeFile(join(folder, "onnx", "model.onnx"), onnxBytes(model));
  const part = (id: "A" | "B", type: number) => ({ Sequence: { id, type_id: type } });
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const begin = [special("[CLS]", 0), part("A", 0), special("[SEP]", 0)];
  const files = {
    "config.json": {
      model_type: "bert",
      architectures: [architecture],
      id2label: { ...labels },
      label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
      max_position_embeddings: 64,
      vocab_size: words.length,
    },
    "tokenizer_config.json": {
      tokenizer_class: "BertTokenizer",
      model_max_length: 64,
      pad_token: "[PAD]",
      unk_token: "[UNK]",
      cls_token: "[CLS]",
      sep_token: "[SEP]",
    },
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: SPECIAL.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: { type: "Lowercase" },
      pre_tokenizer: { type: "Whitespace" },
      post_processor: {
        type: "TemplateProcessing",
        single: begin,
        pair: [...begin, part("B", 1), special("[SEP]", 1)],
        special_tokens: Object.fromEntries(
          ["[CLS]", "[SEP]"].map((id) => [id, { id, ids: [words.indexOf(id)], tokens: [id] }]),
        ),
      },
      decoder: null,
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(words.map((word, id) => [word, id])),
        unk_token: "[UNK]",
      },
    },
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
}
