/** Two lines over the requests of a session, as SVG: without compression and with it. */
import { escaped } from "./escaped.ts";

export interface Lines {
  readonly label: string;
  /** As many values as `with` has, one for each request. */
  readonly without: readonly number[];
  readonly with: readonly number[];
  format(value: number): string;
}

const [WIDTH, HEIGHT] = [340, 170];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 8, 8, 22];
/** A screen has no more columns. */
const MAX_POINTS = 400;

export function linePlot({ label, without, with: shortened, format }: Lines): string {
  const count = without.length;
  const ticks = ticksUpTo(without.concat(shortened).reduce((most, one) => Math.max(most, one), 0));
  const top = ticks.at(-1) || 1;
  const x = (at: number): number =>
    LEFT + (count < 2 ? 0 : (at / (count - 1)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const path = (values: readonly number[]): string =>
    picked(values)
      .map(
        ([at, value], index) =>
          `${index === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`,
      )
      .join("");
  const dot = (values: readonly number[], name: string): string =>
    count === 1
      ? `<circle class="${name}" cx="${x(0)}" cy="${y(values[0] ?? 0).toFixed(1)}" r="3" fill="currentColor"/>`
      : "";
  const grid = ticks.map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${LEFT - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${escaped(format(tick))}</text>`,
  );
  const last = `${format(without.at(-1) ?? 0)} without, ${format(shortened.at(-1) ?? 0)} with Headroom at the end`;
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${label}: ${last}`)}"><title>${escaped(last)}</title><g class="axis">${grid.join("")}<text x="${LEFT}" y="${HEIGHT - 6}">1</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">request ${count}</text></g><path class="pair-line before" d="${path(without)}"/><path class="pair-line after" d="${path(shortened)}"/>${dot(without, "before")}${dot(shortened, "after")}</svg>`;
}

/** Evenly spaced, the first and the last among them. */
function picked(values: readonly number[]): readonly (readonly [number, number])[] {
  const step = Math.max(1, (values.length - 1) / (MAX_POINTS - 1));
  const places = Array.from({ length: Math.min(values.length, MAX_POINTS) }, (_, at) =>
    Math.round(at * step),
  );
  return places.map((at) => [at, values[at] ?? 0]);
}

/** Round values from 0 to above `most`, four at most. */
function ticksUpTo(most: number): readonly number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => at * step);
}
