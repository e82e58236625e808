/**
 * Time for what is counted by the minute.
 *
 * It goes on where the machine's clock is set back, and follows it where it is set forward or the machine slept: `performance.now()`
 * alone stands still then.
 */

export interface Clock {
  /** Milliseconds since some moment. Never less than before. */
  now(): number;
  /** The time of day of such a moment, by what the machine's clock says now, in milliseconds since 1970. */
  timeOf(moment: number): number;
}

/** A difference between the two clocks that is no jump, in milliseconds. */
const SLACK_MS = 1_000;

export function clock(
  wall: () => number = Date.now,
  steady: () => number = () => performance.now(),
): Clock {
  let [lastWall, lastSteady, moment] = [wall(), steady(), 0];
  const now = (): number => {
    const [atWall, atSteady] = [wall(), steady()];
    const passed = Math.max(0, atSteady - lastSteady);
    const said = atWall - lastWall;
    moment += said > passed + SLACK_MS ? said : passed;
    [lastWall, lastSteady] = [atWall, atSteady];
    return moment;
  };
  return { now, timeOf: (then) => Math.round(wall() - (now() - then)) };
}
