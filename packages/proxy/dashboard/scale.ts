/** Where axes have their marks. */

/** Round steps from 0 up to the first that reaches `max`. At least two, at most `most` + 1. @param least the smallest step */
export function ticks(max: number, most = 4, least = 0): number[] {
  if (!(max > 0) || !Number.isFinite(max)) return [0, 1];
  const rough = max / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const step = Math.max(round, least);
  const marks = [0];
  while ((marks.at(-1) ?? 0) < max * (1 - 1e-9)) marks.push(marks.length * step);
  return marks;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  48 * HOUR,
];

/** Times of day between two moments that are easy to read, at most `most`. @param offset of the time zone, in milliseconds */
export function timeTicks(from: number, to: number, most: number, offset: number): number[] {
  const span = to - from;
  if (!(span > 0)) return [];
  const step = STEPS.find((one) => span / one <= most) ?? Math.ceil(span / most / HOUR) * HOUR;
  const marks: number[] = [];
  let at = Math.ceil((from + offset) / step) * step - offset;
  for (; at <= to && marks.length <= most; at += step) marks.push(at);
  return marks;
}

/** From when to when a plot goes: all that is known, but never so little that one request fills it. */
export function timeSpan(
  now: number,
  startedAt: number,
  reach: number,
  least: number,
): readonly [from: number, to: number] {
  const from = Math.max(now - reach, Math.min(startedAt, now - least));
  return [Math.min(from, now - least), now];
}
