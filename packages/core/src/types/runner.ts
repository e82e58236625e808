import type { ContentKind, Omission } from "./compressor.ts";
import type { PluginModule } from "./plugin.ts";
import type { Mode, ViewRule } from "./report.ts";

/** A shorter form of a text, without its marker line. */
export interface Form {
  readonly text: string;
  /** Tokens of `text`. */
  readonly tokens: number;
  /** Kinds of the parts that changed, joined by `+`. */
  readonly kind: ContentKind;
  readonly compressor: string;
  readonly lossless: boolean;
  /** Empty for a lossless form. */
  readonly omitted: readonly Omission[];
  /** See `View.note`. */
  readonly note?: string;
}

/** The forms of one text. */
export interface Forms {
  /** The form to send; `undefined` where the text is best left as it is. */
  readonly chosen?: Form | undefined;
  /**
   * The best lossless form, at hand for a store that fails. Absent also where `chosen` is a view so much smaller that no
   * lossless form was made: ask again with `lossy: false`.
   */
  readonly lossless?: Form | undefined;
  /** Why there is no form. */
  readonly reason: string;
  /** Whether a compressor threw. */
  readonly failed: boolean;
}

/** One text to make forms of. Plain data: it can be sent to another thread. */
export interface FormJob {
  readonly text: string;
  readonly mode: Mode;
  /** Whether views may be used; otherwise only lossless forms are made. */
  readonly lossy: boolean;
  /** Tokens of the text. */
  readonly tokens: number;
  readonly query?: string;
  /** Views that are wanted of kinds which make them on request; in mode `"aggressive"` all are. */
  readonly views?: ViewRule;
  /** The text is, or is of, a file that a tool read. @default false */
  readonly isFile?: boolean;
  /** The text is of files that a tool read and whose names say that they hold source code. @default false */
  readonly isProgram?: boolean;
}

/** Tells work when to rest, so that others get the event loop, and when to end. */
export interface Pace {
  /**
   * A promise to await when the work has held the event loop long enough, `undefined` to go on at once. Throws, or rejects
   * with, an `Interruption` when the work shall end.
   */
  rest(): Promise<void> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of `performance.now()` from which on the work shall end. */
  readonly deadline?: number | undefined;
}

/**
 * Runs the pure stage of the pipeline: text in, forms out. The same text and job give the same answer wherever it runs. Its
 * functions reject with an `Interruption` when the work shall end. After any other error the block stays as it is, and its report
 * row says `failed`.
 */
export interface FormRunner {
  /** Tokens of a text. */
  count(text: string, pace: Pace): Promise<number>;
  /** SHA-256 of a text, as refs need it. */
  digest(text: string, pace: Pace): Promise<Uint8Array>;
  /** The forms of a text. */
  forms(job: FormJob, pace: Pace): Promise<Forms>;
  /** Ends threads, or whatever else the runner holds. Closing twice is fine. */
  close?(): Promise<void>;
}

/** What a runner is made for: the options of an instance that the answers depend on. */
export interface RunnerSetup {
  readonly model?: string;
  readonly include?: readonly ContentKind[];
  readonly exclude?: readonly ContentKind[];
  /** Whose compressors are used beside the built-in ones. */
  readonly plugins?: readonly PluginModule[];
}

/** Makes the runner of an instance. @param inline does the same work in this thread */
export type CreateRunner = (setup: RunnerSetup, inline: FormRunner) => FormRunner;
