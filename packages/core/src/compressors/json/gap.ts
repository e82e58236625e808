/**
 * The marks of a view: where something is missing from an array or object, and what it was.
 */
import {
  isContainer,
  type JsonArray,
  type JsonNode,
  type JsonObject,
  type OmissionPlan,
} from "../../json/node.ts";

/** What a plan leaves of an array or object. */
export interface Gap {
  /** Which items stay, by their index in the source. */
  readonly kept: readonly number[];
  readonly total: number;
  readonly note: string | undefined;
  /** There are arrays or objects in it. */
  readonly records: boolean;
  /** What stands before each that stays, where that is not its number. */
  readonly labels?: readonly string[];
}

/** Before the n-th kept item of an array: `#12 ` for records, `… 3 omitted …,` where scalars are missing. */
export function placeOf(gap: Gap | undefined, nth: number): string {
  // Where only cells are missing, the place of a row says nothing, unless it is where to find them.
  if (gap === undefined || (gap.kept.length === gap.total && gap.labels === undefined)) return "";
  const at = gap.kept[nth] ?? 0;
  if (gap.records) return `${gap.labels?.[nth] ?? `#${at}`} `;
  const missing = at - (nth === 0 ? -1 : (gap.kept[nth - 1] ?? 0)) - 1;
  return missing > 0 ? `… ${missing} omitted …,` : "";
}

/** Behind the last item: what is missing from an array or object, behind `before` where anything is left. */
export function noteOf(gap: Gap | undefined, isObject: boolean, before: string): string {
  if (gap === undefined) return "";
  const { kept, total, note, records } = gap;
  const unit = isObject ? "keys" : records ? "rows" : "items";
  const what = note ?? `${total - kept.length} of ${total} ${unit} omitted`;
  return `${kept.length > 0 ? before : ""}… ${what}`;
}

/** What a plan leaves of an array or object; `undefined` where that is everything. */
export function gapOf(
  node: JsonArray | JsonObject,
  plan: OmissionPlan | undefined,
): Gap | undefined {
  const note = plan?.notes.get(node);
  const some = plan?.kept.get(node);
  if (some === undefined && note === undefined) return undefined;
  const children: readonly JsonNode[] =
    node.type === "array" ? node.items : node.members.map(({ value }) => value);
  const kept = some ?? [...children.keys()];
  if (kept.length >= children.length && note === undefined) return undefined;
  const labels = plan?.labels && kept.map((at) => labelOf(children[at], at, plan));
  return {
    kept,
    total: children.length,
    note,
    records: children.some(isContainer),
    ...(labels === undefined ? {} : { labels }),
  };
}

function labelOf(child: JsonNode | undefined, at: number, plan: OmissionPlan): string {
  return (child && plan.labels?.(child)) ?? `#${at}`;
}
