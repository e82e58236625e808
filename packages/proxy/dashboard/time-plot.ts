/** A plot over time: bars for what is counted, lines for what is measured. With a cursor for pointer and keyboard. */
import { h, setText, svg } from "./dom.ts";
import { clockTime, dayTime } from "./format.ts";
import { ticks, timeTicks } from "./scale.ts";

export interface Layer {
  /** A class of the style sheet. */
  readonly name: string;
  readonly label: string;
  /** `bar`: from 0 up to the value; later layers stand before earlier ones. */
  readonly shape: "bar" | "line";
}

export interface Point {
  readonly at: number;
  /** One a layer. `undefined`: nothing was measured. */
  readonly values: readonly (number | undefined)[];
  /** What the cursor says. */
  readonly says: string;
}

export interface TimePlotData {
  readonly span: readonly [from: number, to: number];
  /** Width of a point, in milliseconds. */
  readonly width: number;
  readonly points: readonly Point[];
  /** What a person who does not see the plot has to know. */
  readonly summary: string;
}

export interface TimePlot {
  readonly element: HTMLElement;
  update(data: TimePlotData): void;
}

export interface TimePlotOptions {
  readonly layers: readonly Layer[];
  readonly label: string;
  readonly height: number;
  /** Of the values, beside the axis. */
  readonly unit: string;
  readonly format: (value: number) => string;
  /** The smallest step of the axis. @default any */
  readonly least?: number;
  /** The axis ends here. @default at the largest value */
  readonly max?: number;
}

const LEFT = 46;
const RIGHT = 8;
const TOP = 20;
const BOTTOM = 22;

export function timePlot(options: TimePlotOptions): TimePlot {
  const { layers, height, format, unit } = options;
  const plot = svg("svg", {
    class: "plot",
    role: "img",
    tabindex: 0,
    height,
    "aria-label": options.label,
  });
  const readout = h("p", { class: "readout" });
  const legend = h(
    "p",
    { class: "legend" },
    ...layers.map(({ name, label, shape }) =>
      h("span", {}, h("i", { class: `key ${shape} ${name}`, "aria-hidden": "true" }), label),
    ),
  );
  const element = h("div", { class: "time-plot" }, legend, plot, readout);
  let data: TimePlotData | undefined;
  /** The moment the cursor stands at. */
  let cursor: number | undefined;
  let width = 0;

  const x = (at: number): number => {
    const [from, to] = data?.span ?? [0, 1];
    return LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT);
  };
  const pointAtCursor = (): Point | undefined => {
    if (cursor === undefined || data === undefined) return undefined;
    const at = cursor;
    return data.points.find((one) => at >= one.at && at < one.at + (data?.width ?? 0));
  };

  const draw = (): void => {
    if (data === undefined || width < 80) return;
    const { points, span } = data;
    const largest = Math.max(
      0,
      ...points.flatMap(({ values }) => values.map((value) => value ?? 0)),
    );
    const marks =
      options.max === undefined ? ticks(largest, 4, options.least) : ticks(options.max, 2);
    const max = options.max ?? marks.at(-1) ?? 1;
    const y = (value: number): number =>
      height - BOTTOM - (Math.min(value, max) / max) * (height - TOP - BOTTOM);
    const offset = -new Date(span[1]).getTimezoneOffset() * 60_000;
    const isLong = span[1] - span[0] > 24 * 3_600_000;
    const times = timeTicks(span[0], span[1], Math.floor(width / (isLong ? 110 : 75)), offset);
    const axis = svg(
      "g",
      { class: "axis" },
      svg("text", { x: 0, y: 10, class: "unit" }, unit),
      ...marks.flatMap((mark) => [
        svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(mark), y2: y(mark) }),
        svg("text", { x: LEFT - 6, y: y(mark) + 4, "text-anchor": "end" }, format(mark)),
      ]),
      ...times
        // A label at the edge would be cut off.
        .filter((at) => x(at) > LEFT + 14 && x(at) < width - 24)
        .map((at) =>
          svg(
            "text",
            { x: x(at), y: height - 6, "text-anchor": "middle" },
            isLong ? dayTime(at) : clockTime(at),
          ),
        ),
    );
    const shapes = layers.map((layer, index) =>
      layer.shape === "bar" ? bars(layer, index, y) : line(layer, index, y),
    );
    const here = pointAtCursor();
    const mark =
      here &&
      svg("rect", {
        class: "cursor",
        x: x(here.at),
        y: TOP,
        width: Math.max(2, x(here.at + data.width) - x(here.at)),
        height: height - TOP - BOTTOM,
      });
    plot.replaceChildren(...(mark ? [mark] : []), axis, ...shapes);
    plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.setAttribute("aria-label", `${options.label}. ${data.summary}`);
    setText(readout, here?.says ?? data.summary);
  };

  const bars = (layer: Layer, index: number, y: (value: number) => number): SVGElement => {
    const slot = x((data?.span[0] ?? 0) + (data?.width ?? 0)) - LEFT;
    const gap = slot > 6 ? 2 : slot > 3 ? 1 : 0;
    const path = (data?.points ?? []).flatMap(({ at, values }) => {
      const value = values[index] ?? 0;
      if (!(value > 0)) return [];
      const from = Math.max(LEFT, x(at) + gap / 2);
      const to = Math.min(width - RIGHT, x(at) + slot - gap / 2);
      if (to <= from) return [];
      // What is there is seen.
      const top = Math.min(y(value), height - BOTTOM - 1);
      return [`M${round(from)} ${height - BOTTOM}V${round(top)}H${round(to)}V${height - BOTTOM}Z`];
    });
    return svg("path", { class: layer.name, d: path.join("") });
  };

  const line = (layer: Layer, index: number, y: (value: number) => number): SVGElement => {
    const known = (data?.points ?? []).flatMap(({ at, values }) => {
      const value = values[index];
      return value === undefined ? [] : [{ at, value }];
    });
    const half = (data?.width ?? 0) / 2;
    const place = ({ at, value }: { at: number; value: number }): string =>
      `${round(x(Math.min(at + half, data?.span[1] ?? 0)))} ${round(y(value))}`;
    const path = known.map((one, nth) => {
      const before = known[nth - 1];
      // Where nothing was measured for a while, nothing is drawn.
      const joins = before !== undefined && one.at - before.at <= (data?.width ?? 0) * 3.5;
      return `${joins ? "L" : "M"}${place(one)}`;
    });
    const dots =
      known.length > 60
        ? []
        : known.map((one) => {
            const [cx = 0, cy = 0] = place(one).split(" ");
            return svg("circle", { cx, cy, r: 2 });
          });
    return svg("g", { class: `line ${layer.name}` }, svg("path", { d: path.join("") }), ...dots);
  };

  const moveTo = (clientX: number): void => {
    if (data === undefined) return;
    const box = plot.getBoundingClientRect();
    const share = (clientX - box.left - LEFT) / (width - LEFT - RIGHT);
    const at = data.span[0] + share * (data.span[1] - data.span[0]);
    cursor = at;
    draw();
  };
  plot.addEventListener("pointermove", (event) => moveTo(event.clientX));
  plot.addEventListener("pointerdown", (event) => moveTo(event.clientX));
  const leave = (): void => {
    cursor = undefined;
    draw();
  };
  plot.addEventListener("pointerleave", leave);
  plot.addEventListener("blur", leave);
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || !data || data.points.length === 0) return;
    event.preventDefault();
    const { points } = data;
    const now = pointAtCursor();
    const from = now ? points.indexOf(now) : step > 0 ? -1 : points.length;
    const next = points[Math.max(0, Math.min(points.length - 1, from + step))];
    cursor = next && next.at + data.width / 2;
    readout.setAttribute("aria-live", "polite");
    draw();
  });
  new ResizeObserver(([entry]) => {
    width = Math.floor(entry?.contentRect.width ?? 0);
    draw();
  }).observe(plot);

  return {
    element,
    update(given) {
      data = given;
      draw();
    },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
