/** The markers that left processes which were killed: they wrote each down as soon as it had left. */
import { readFileSync } from "node:fs";
import type { Marker } from "./protocol.ts";

export function readLedger(path: string): readonly Marker[] {
  // A line that a kill has cut is a marker that did not leave.
  const lines = readFileSync(path, { encoding: "utf8", flag: "a+" }).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Marker);
}
