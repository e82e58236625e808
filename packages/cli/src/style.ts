/** Colours for people: on a terminal, unless NO_COLOR says no; anywhere where FORCE_COLOR says yes. */
import type { OutputStream, Terminal } from "./terminal.ts";

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** How `stream` is written to. */
export function styleFor(stream: OutputStream, env: Terminal["env"]): Style {
  const isOn = hasColors(stream, env);
  const entries = Object.entries(CODES).map(([name, [on, off]]) => [
    name,
    isOn ? (text: string) => `\u001B[${on}m${text}\u001B[${off}m` : (text: string) => text,
  ]);
  return Object.fromEntries(entries) as Style;
}

/** Without colours, wherever it is printed. */
export const PLAIN: Style = styleFor({ write: () => undefined }, {});

/** FORCE_COLOR goes before NO_COLOR, as in Node.js itself; 0 and false turn colours off. */
function hasColors(stream: OutputStream, env: Terminal["env"]): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: no, TERM: terminal } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && !no && terminal !== "dumb";
}
