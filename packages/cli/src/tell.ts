import type { Terminal } from "./terminal.ts";

/** Says sentences to the person who runs a command, one line each, on standard error. */
export function teller({ stderr }: Terminal): (sentence: string) => void {
  return (sentence) => void stderr.write(`headroom: ${sentence.split("\n", 1)[0]}\n`);
}
