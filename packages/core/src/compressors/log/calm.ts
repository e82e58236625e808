/**
 * Which lines of a build log are the output of steps that went well: check-outs, installations, `go env`, cleaning up.
 *
 * A step goes from the line that names it (a group of CI, an echoed command, a step of a build) to the next such line. Where the log
 * has a failure, the steps without one and without a warning have nothing to say but that they ran: their first lines say so.
 * Lines near a failure are left out of this, whatever step they stand in: a runner can report under the next heading.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { COMMAND_START, GROUP_START } from "./patterns.ts";
import { FAILURE, WARN } from "./severity.ts";
import { stampEnd } from "./stamp.ts";

/** Shorter output is read faster than the sentence about it. */
const LEAST_LINES = 4;
/** From a failure, in lines. */
const NEAR = 16;

/** 1 for each line of such output, but for the lines that name the steps. All 0 where nothing failed. */
export function* calmLines(lines: readonly string[], severity: Uint8Array): Steps<Uint8Array> {
  const calm = new Uint8Array(lines.length);
  if (!severity.includes(FAILURE)) return calm;
  // Of a group whose commands all went well its own name is enough.
  for (const start of [GROUP_START, COMMAND_START]) yield* markCalm(lines, severity, start, calm);
  for (let i = 0; i < severity.length; i++)
    if (severity[i] === FAILURE) calm.fill(0, Math.max(0, i - NEAR), i + NEAR + 1);
  return calm;
}

/** @param command - What names a step besides groups. */
function* markCalm(
  lines: readonly string[],
  severity: Uint8Array,
  command: RegExp,
  calm: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  let start = -1;
  let isTroubled = false;
  for (let i = 0; i <= lines.length; i++) {
    if (meter.isDue(LINE_WORK)) yield;
    const line = lines[i];
    if (line === undefined || isStep(line, command)) {
      if (start >= 0 && !isTroubled && i - start > LEAST_LINES) calm.fill(1, start + 1, i);
      start = i;
      isTroubled = false;
    }
    if (severity[i] === FAILURE || severity[i] === WARN) isTroubled = true;
  }
}

function isStep(line: string, command: RegExp): boolean {
  const start = stampEnd(line);
  const text = start > 0 ? line.slice(start).trimStart() : line;
  return GROUP_START.test(text) || command.test(text);
}
