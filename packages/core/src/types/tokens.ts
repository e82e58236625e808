/** Counts tokens the way one model does. Synchronous: it runs inside inner loops. */
export interface TokenCounter {
  /** Encoding name as its publisher writes it, e.g. `o200k_base`. Shown in reports. */
  readonly name: string;
  /**
   * Tokens of `text`. Total: never throws, counts text that looks like a special token as text, and takes linear time
   * on long unbroken runs.
   */
  count(text: string): number;
}
