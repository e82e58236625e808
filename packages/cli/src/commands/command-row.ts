/** What is known of a command: its help, its page in docs/cli.md, completion and what it accepts are made of this. */

/** An option. One without a value is a switch. */
export interface OptionRow {
  /** As help shows it: `DIR`, `N`. */
  readonly value?: string;
  readonly help: string;
  /** The words it takes; completion offers them. */
  readonly words?: readonly string[];
  /** What completion offers for the value. */
  readonly completes?: "file" | "folder";
}

export type OptionRows = Readonly<Record<string, OptionRow>>;

export interface CommandRow {
  /** Behind `headroom`. */
  readonly usage: string;
  /** Half a line for the list of commands. */
  readonly summary: string;
  /** What it does, in paragraphs. */
  readonly about: readonly string[];
  readonly options: OptionRows;
  /** Command lines, with what they are for. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** What `--json` prints: members, and what they are. */
  readonly json?: Readonly<Record<string, string>>;
  /** Exit codes beside those of every command. */
  readonly exits?: Readonly<Record<string, string>>;
  /** What completion offers where no option is expected. */
  readonly operands?: "file" | readonly string[];
}
