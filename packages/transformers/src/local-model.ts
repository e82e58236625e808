/** Loads a model and its tokenizer from a folder, and asks it about texts in batches. Nothing is ever downloaded. */
import { InvalidOptionError } from "@headroom/core";
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from "@huggingface/transformers";

/** Options of every model. */
export interface LocalModelOptions {
  /**
   * The folder of the model, as transformers.js has it: `config.json`, `tokenizer.json`, `tokenizer_config.json` and
   * `onnx/model.onnx`. It is loaded with the first question.
   */
  readonly path: string;
  /** Weights to load: `"fp32"` is `onnx/model.onnx`, `"q8"` is `onnx/model_quantized.onnx`. @default that of transformers.js */
  readonly dtype?: string;
  /** Where the model runs: `"cpu"`, `"cuda"`, `"webgpu"` … @default that of transformers.js */
  readonly device?: string;
  /** Sentences that are read at once, 1 or more. @default 16 */
  readonly batchSize?: number;
}

/** What a model says of one batch. */
export interface Batch {
  /** The numbers of all texts, one after the other. */
  readonly logits: ArrayLike<number>;
  /** Of `logits`: texts first. */
  readonly shape: readonly number[];
  /** The tokens of all texts, padded to one length, and those that belong to no word. */
  readonly inputIds: ArrayLike<number | bigint>;
  readonly specialIds: ReadonlySet<number>;
  /** Names of the labels, by their index. */
  readonly labels: Readonly<Record<number, string>>;
}

export interface LocalModel {
  /**
   * Scores in the order of the texts.
   *
   * @param query read before each text. `undefined`: each text stands alone
   * @param scoresOf of the texts of a batch
   */
  score(
    texts: readonly string[],
    query: string | undefined,
    signal: AbortSignal,
    scoresOf: (batch: Batch) => readonly number[],
  ): Promise<readonly number[]>;
  close(): Promise<void>;
}

type AutoClass = "AutoModelForSequenceClassification" | "AutoModelForTokenClassification";

interface Loaded {
  readonly model: PreTrainedModel;
  readonly tokenizer: PreTrainedTokenizer;
}

/** Tokens. A longer sentence is read up to here. */
const MAX_TOKENS = 512;
const DEFAULT_BATCH_SIZE = 16;

/** @throws InvalidOptionError */
export function localModel(options: LocalModelOptions, autoClass: AutoClass): LocalModel {
  if (typeof options !== "object" || options === null)
    throw new InvalidOptionError("options", options, "{ path }");
  const { path, dtype, device, batchSize = DEFAULT_BATCH_SIZE } = options;
  if (typeof path !== "string" || path === "" || /^[a-z]{2,}:/i.test(path))
    throw new InvalidOptionError("path", path, "the path of a folder with a model");
  for (const [name, value] of Object.entries({ dtype, device }))
    if (value !== undefined && (typeof value !== "string" || value === ""))
      throw new InvalidOptionError(name, value, "a name, as transformers.js has it");
  if (!(Number.isSafeInteger(batchSize) && batchSize > 0))
    throw new InvalidOptionError("batchSize", batchSize, "a whole number, 1 or more");
  let loading: Promise<Loaded> | undefined;
  const load = async (): Promise<Loaded> => {
    const library = await import("@huggingface/transformers");
    const folder = asFolder(path);
    const local = { local_files_only: true };
    const how = { ...local, ...(dtype && { dtype }), ...(device && { device }) };
    const tokenizer = await library.AutoTokenizer.from_pretrained(folder, local);
    return { tokenizer, model: await library[autoClass].from_pretrained(folder, how as object) };
  };
  const loaded = (): Promise<Loaded> => {
    // What could not be loaded now may be there next time.
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      const why = cause instanceof Error ? cause.message : String(cause);
      const needs = "config.json, tokenizer.json, tokenizer_config.json and onnx/ have to be there";
      throw new Error(`cannot load a model from ${path} (${needs}): ${why}`, { cause });
    });
    return loading;
  };
  return {
    async score(texts, query, signal, scoresOf) {
      signal.throwIfAborted();
      const { model, tokenizer } = await loaded();
      const maxLength = Math.min(tokenizer.model_max_length, MAX_TOKENS);
      const scores: number[] = [];
      // Texts of like lengths are read together: a batch is as long as its longest.
      const inTurn = [...texts.keys()].sort(
        (a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0) || a - b,
      );
      for (let from = 0; from < inTurn.length; from += batchSize) {
        await rest();
        signal.throwIfAborted();
        const places = inTurn.slice(from, from + batchSize);
        const inputs: { readonly input_ids: Tensor } = await tokenizer(
          places.map((place) => (query === undefined ? (texts[place] ?? "") : query)),
          {
            ...(query === undefined
              ? {}
              : { text_pair: places.map((place) => texts[place] ?? "") }),
            padding: true,
            truncation: true,
            max_length: maxLength,
          },
        );
        const { logits }: { readonly logits: Tensor } = await model(inputs);
        const own = scoresOf({
          logits: logits.data as ArrayLike<number>,
          shape: logits.dims,
          inputIds: inputs.input_ids.data as ArrayLike<bigint>,
          specialIds: new Set(tokenizer.all_special_ids),
          labels: (model.config as { id2label?: Record<number, string> }).id2label ?? {},
        });
        for (const [nth, place] of places.entries()) scores[place] = own[nth] ?? 0;
      }
      return scores;
    },
    async close() {
      const open = loading;
      loading = undefined;
      await open?.then(({ model }) => model.dispose());
    },
  };
}

/** `models/mine` could be the name of a model on a hub; `./models/mine` cannot. */
function asFolder(path: string): string {
  return /^(?:\.{0,2}[/\\]|[A-Za-z]:)/.test(path) ? path : `./${path}`;
}

/** A model may hold the thread while it reads a batch; timers and sockets get their turn between two. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
