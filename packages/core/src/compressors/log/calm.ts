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
import { COMMAND_START, GROUP_START, JOB_OVER, JOB_STEP } from "./patterns.ts";
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
  // Of a step whose groups and commands all went well its own name is enough, and so of a group.
  for (const isStart of [isJobStep, isGroup, isCommand])
    yield* markCalm(lines, severity, isStart, calm);
  const meter = new Meter();
  const spared: (readonly [from: number, to: number])[] = [];
  for (let i = 0; i < severity.length; i++) {
    if (meter.isDue(LINE_WORK)) yield;
    if (severity[i] === FAILURE) spared.push([Math.max(0, i - NEAR), nearBelow(lines, i)]);
  }
  for (const [from, to] of spared) calm.fill(0, from, to);
  return calm;
}

/** Up to where lines are near to a failure above them: the job is over where it is cleaned up. */
function nearBelow(lines: readonly string[], failure: number): number {
  let at = failure + 1;
  while (at <= failure + NEAR && at < lines.length && !JOB_OVER.test(textOf(lines[at] ?? ""))) at++;
  return at;
}

/** @param isStart - whether a line names the next step */
function* markCalm(
  lines: readonly string[],
  severity: Uint8Array,
  isStart: (text: string) => boolean,
  calm: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  let start = -1;
  let isTroubled = false;
  for (let i = 0; i <= lines.length; i++) {
    if (meter.isDue(LINE_WORK)) yield;
    const line = lines[i];
    if (line === undefined || isStart(textOf(line))) {
      if (start >= 0 && !isTroubled && i - start > LEAST_LINES) calm.fill(1, start + 1, i);
      start = i;
      isTroubled = false;
    }
    if (severity[i] === FAILURE || severity[i] === WARN) isTroubled = true;
  }
}

function isJobStep(text: string): boolean {
  return JOB_STEP.test(text) || JOB_OVER.test(text);
}

function isGroup(text: string): boolean {
  return GROUP_START.test(text);
}

function isCommand(text: string): boolean {
  return GROUP_START.test(text) || COMMAND_START.test(text);
}

function textOf(line: string): string {
  const start = stampEnd(line);
  return start > 0 ? line.slice(start).trimStart() : line;
}
