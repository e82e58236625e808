/**
 * Prometheus' text format: `http_requests_total{method="get",code="200"} 1027`, a metric, its labels in braces, and a value.
 *
 * Trap: `# HELP` and `# TYPE` are as frequent as values where each metric has one; they stay as they are.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table } from "./layout.ts";
import { MIN_ROWS, SAMPLE, settle } from "./settle.ts";

/** So many lines that are no comments are metrics. */
const MOST = 0.9;

/** Metrics, where some lines have labels or a comment says their type. */
export function* parseMetrics(lines: readonly string[]): Steps<Table | undefined> {
  const sample = lines.filter((line) => line !== "").slice(0, 2 * SAMPLE);
  const isTyped = sample.some((line) => line.startsWith("# TYPE "));
  const values = sample.filter((line) => line[0] !== "#");
  const rowsOfSample = values.filter((line) => readMetric(line) !== undefined);
  const isLabelled = rowsOfSample.filter((line) => line.includes('="')).length * 2 > values.length;
  if (rowsOfSample.length < Math.max(MIN_ROWS, values.length * MOST)) return undefined;
  if (!isTyped && !isLabelled) return undefined;
  const rows = yield* mapTexts(lines, readMetric);
  return yield* settle(lines, {
    layout: "metrics",
    names: ["metric", "labels", "value"],
    notes: ["", "", ""],
    headerLine: undefined,
    rows,
  });
}

function readMetric(line: string): readonly string[] | undefined {
  const first = line.charCodeAt(0);
  if (line.length > MAX_WIDTH || !((first | 32) >= 97 && (first | 32) <= 122)) return undefined;
  const brace = line.indexOf("{");
  const space = line.indexOf(" ");
  if (space < 1) return undefined;
  if (brace < 0 || brace > space) return checked(line.slice(0, space), "", line.slice(space + 1));
  const close = line.lastIndexOf("} ");
  if (close < brace) return undefined;
  return checked(line.slice(0, brace), line.slice(brace, close + 1), line.slice(close + 2));
}

/** The cells where the last of them is a number, and a time stamp maybe. */
function checked(metric: string, labels: string, value: string): readonly string[] | undefined {
  const [number = "", stamp] = value.split(" ", 2);
  const isNumber =
    number !== "" && (Number.isFinite(Number(number)) || /^[+-]?(?:Inf|NaN)$/.test(number));
  if (!isNumber || (stamp !== undefined && !/^\d{1,16}$/.test(stamp))) return undefined;
  return /[^A-Za-z0-9_:]/.test(metric.slice(0, 200)) ? undefined : [metric, labels, value];
}
