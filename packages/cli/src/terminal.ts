/** What a command may touch of the outside: `process` has it all. Tests pass their own. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Signals to this process, for commands that run until they are told to stop. */
  on?(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off?(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  /** Ends this process at once. */
  exit?(code: number): unknown;
  readonly pid?: number;
  kill?(pid: number, signal: NodeJS.Signals): unknown;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  /** Width of the terminal, where there is one. */
  readonly columns?: number;
  write(text: string): unknown;
}
