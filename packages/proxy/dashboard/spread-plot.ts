/** How often something took how long: one column a bucket, with the places of p50 and p95. */
import { h, svg } from "./dom.ts";
import { milliseconds, short } from "./format.ts";
import { ticks } from "./scale.ts";

export interface Spread {
  readonly boundsMs: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
}

const LEFT = 46;
const RIGHT = 8;
const TOP = 34;
const BOTTOM = 36;
const HEIGHT = 190;

export function spreadPlot(label: string): {
  readonly element: HTMLElement;
  update(spread: Spread): void;
} {
  const plot = svg("svg", { class: "plot", role: "img", height: HEIGHT, "aria-label": label });
  const element = h("div", {}, plot);
  let spread: Spread | undefined;
  let width = 0;
  const draw = (): void => {
    if (spread === undefined || width < 80) return;
    const { boundsMs, counts, count, p50Ms, p95Ms } = spread;
    // Empty ends are left out, but never so much that the axis says nothing.
    const used = counts.flatMap((here, at) => (here > 0 ? [at] : []));
    const first = Math.max(0, (used[0] ?? 0) - 1);
    const last = Math.min(counts.length - 1, Math.max((used.at(-1) ?? 0) + 1, first + 7));
    const columns = last - first + 1;
    const inner = width - LEFT - RIGHT;
    const edge = (at: number): number => LEFT + ((at - first) / columns) * inner;
    const marks = ticks(Math.max(0, ...counts), 3, 1);
    const max = marks.at(-1) ?? 1;
    const y = (value: number): number => HEIGHT - BOTTOM - (value / max) * (HEIGHT - TOP - BOTTOM);
    /** Where a time stands: between the edges of its bucket. */
    const place = (time: number): number => {
      const found = boundsMs.findIndex((bound) => time <= bound);
      const at = found === -1 ? boundsMs.length : found;
      const [from, to] = [boundsMs[at - 1] ?? 0, boundsMs[at]];
      const part = to === undefined ? 0 : (time - from) / (to - from);
      return Math.max(LEFT, Math.min(width - RIGHT, edge(at) + (part * inner) / columns));
    };
    const every = Math.ceil(columns / Math.max(3, Math.floor(inner / 52)));
    const labels = boundsMs.flatMap((bound, at) =>
      at >= first && at < last && (at - first) % every === every - 1
        ? [svg("text", { x: edge(at + 1), y: HEIGHT - 20, "text-anchor": "middle" }, String(bound))]
        : [],
    );
    const flag = (name: string, time: number | undefined, row: number): SVGElement[] => {
      if (time === undefined) return [];
      const at = place(time);
      const isLate = at > width - 78;
      return [
        svg("line", { class: "flag", x1: at, x2: at, y1: 6 + row * 14, y2: HEIGHT - BOTTOM }),
        svg(
          "text",
          {
            class: "flag",
            x: at + (isLate ? -5 : 5),
            y: 12 + row * 14,
            "text-anchor": isLate ? "end" : "start",
          },
          `${name} ${milliseconds(time)}`,
        ),
      ];
    };
    plot.replaceChildren(
      svg(
        "g",
        { class: "axis" },
        svg("text", { x: 0, y: 10, class: "unit" }, "requests"),
        svg("text", { x: width - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, "ms added"),
        ...marks.flatMap((mark) => [
          svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(mark), y2: y(mark) }),
          svg("text", { x: LEFT - 6, y: y(mark) + 4, "text-anchor": "end" }, short(mark)),
        ]),
        ...labels,
      ),
      ...counts.slice(first, last + 1).map((here, nth) => {
        const from = edge(first + nth) + 1;
        const top = here > 0 ? Math.min(y(here), HEIGHT - BOTTOM - 1) : HEIGHT - BOTTOM;
        return svg("rect", {
          class: "after",
          x: from,
          y: top,
          width: Math.max(1, inner / columns - 2),
          height: HEIGHT - BOTTOM - top,
        });
      }),
      ...flag("p50", p50Ms, 0),
      ...flag("p95", p95Ms, 1),
    );
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const says = `${label}: half of ${short(count)} requests under ${milliseconds(p50Ms)}, 95 % under ${milliseconds(p95Ms)}`;
    plot.setAttribute("aria-label", says);
  };
  new ResizeObserver(([entry]) => {
    width = Math.floor(entry?.contentRect.width ?? 0);
    draw();
  }).observe(plot);
  return {
    element,
    update(given) {
      spread = given;
      draw();
    },
  };
}
