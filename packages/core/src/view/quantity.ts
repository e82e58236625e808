/**
 * Values by what they mean: `3.2G` is more than `900M`, `10.0.0` comes after `9.9`, `1h` is longer than `90s`.
 *
 * Texts of one kind can be compared; numbers without a unit are a kind of their own. Years alone are numbers.
 */

import { isLowerLetter } from "../text/chars.ts";
import { dateOf, dottedDateOf } from "./dates.ts";

/** What a text measures. Only values of the same kind are compared; a rate is a size a second. */
export type QuantityKind =
  | "number"
  | "percent"
  | "size"
  | "rate"
  | "duration"
  | "time"
  | "version"
  | `money ${string}`
  /** `ISSUE-57`: names that count up; those of one beginning are compared by their number. */
  | `label ${string}`;

export interface Quantity {
  readonly kind: QuantityKind;
  /** Numbers as they are, percent of a hundred, sizes in bytes, durations in seconds, times in milliseconds; 0 for versions. */
  readonly value: number;
  /** Of a version: its numbers. */
  readonly parts?: readonly number[];
}

const SIZES: Readonly<Record<string, number>> = sizes();
const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3_600,
  hr: 3_600,
  hour: 3_600,
  hours: 3_600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
  month: 2_629_800,
  months: 2_629_800,
  y: 31_557_600,
  year: 31_557_600,
  years: 31_557_600,
};
/** Longer texts measure nothing. */
const MAX_LENGTH = 40;

const NUMBER = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d{1,3})?$/i;
const WITH_UNIT = /^([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?) ?([a-zµ%]{1,7})$/i;
const COMPOUND = /^(?:\d+(?:\.\d+)?(?:ms|[dhmsw]) ?){2,5}$/;
const MONEY = /^([-+]?)([$€£¥₹])([-+]?)(.+)$/;
const MONEY_BEHIND =
  /^([-+]?)(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?:([.,])(\d{2}))? ?([$€£¥₹])$/;
const LABEL = /^(\p{L}[\p{L}_]{0,15}[-_#]?)(\d{1,15})$/u;
const CLOCK = /^(?:(\d{1,3})-)?(\d{1,3}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/;
const VERSION = /^[v~^=]{0,2}(\d+(?:\.\d+){1,5})(?:[-+~_].*|\.?[a-z].*)?$/i;
/** Digits of a part of a version. Counted here: in the pattern, they would keep the checker of patterns busy for seconds. */
const MAX_PART = 9;
const ISO =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?(?: ?(?:Z|UTC|[-+]\d{2}:?\d{2}))?$/;

/** What a text measures; `undefined` where it does not. */
export function quantityOf(text: string): Quantity | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MAX_LENGTH || !mayMeasure(trimmed)) return undefined;
  if (NUMBER.test(trimmed)) {
    const value = toNumber(trimmed);
    return Number.isFinite(value) ? { kind: "number", value } : undefined;
  }
  const measured = WITH_UNIT.exec(trimmed);
  if (measured) return withUnit(toNumber(measured[1] ?? ""), measured[2] ?? "");
  if (trimmed.endsWith("/s")) return rateOf(trimmed);
  if (trimmed.endsWith(" ago")) return durationOf(trimmed.slice(0, -" ago".length));
  const money = MONEY.exec(trimmed);
  if (money) return moneyOf(money);
  const behind = MONEY_BEHIND.exec(trimmed);
  if (behind) return moneyBehindOf(behind);
  if (ISO.test(trimmed)) return timeOf(trimmed);
  if (COMPOUND.test(trimmed)) return { kind: "duration", value: compound(trimmed) };
  const clock = CLOCK.exec(trimmed);
  if (clock) return { kind: "duration", value: clockSeconds(clock) };
  const dotted = dottedDateOf(trimmed);
  if (dotted !== undefined) return { kind: "time", value: dotted };
  const parts = VERSION.exec(trimmed)?.[1]?.split(".");
  if (parts?.every((part) => part.length <= MAX_PART))
    return { kind: "version", value: 0, parts: parts.map(Number) };
  // A date in words has a space or a slash.
  const label = LABEL.exec(trimmed);
  if (label) return { kind: `label ${label[1] ?? ""}`, value: Number(label[2]) };
  const date = trimmed.length >= 8 && /[ /]/.test(trimmed) ? dateOf(trimmed) : undefined;
  return date === undefined ? undefined : { kind: "time", value: date };
}

/** `9.9` and `10` as versions, beside others that can be nothing else. */
export function versionOf(text: string): Quantity | undefined {
  const own = quantityOf(text);
  if (own?.kind !== "number") return own?.kind === "version" ? own : undefined;
  const number = text.trim();
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(number)
    ? { kind: "version", value: 0, parts: number.split(".").map(Number) }
    : undefined;
}

/** Whatever measures something has a digit early on; behind the name of a weekday at the latest. */
function mayMeasure(text: string): boolean {
  for (let at = 0; at < Math.min(text.length, 12); at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

function toNumber(text: string): number {
  return Number(text.replaceAll(",", ""));
}

function rateOf(text: string): Quantity | undefined {
  const size = quantityOf(text.slice(0, -"/s".length));
  return size?.kind === "size" ? { kind: "rate", value: size.value } : undefined;
}

function durationOf(text: string): Quantity | undefined {
  const own = quantityOf(text);
  return own?.kind === "duration" ? own : undefined;
}

/** `1.234,50 €`, `1,234.50 €`, `12 €`: two digits behind the last sign are decimals, groups of three are not. */
function moneyBehindOf([
  ,
  minus = "",
  whole = "",
  point = "",
  cents = "",
  sign = "",
]: RegExpExecArray): Quantity | undefined {
  if (point !== "" && whole.includes(point)) return undefined;
  const value = Number(`${whole.replace(/[.,]/g, "")}.${cents || "0"}`);
  return { kind: `money ${sign}`, value: minus === "-" ? -value : value };
}

function moneyOf([, before = "", sign = "", after = "", rest = ""]: RegExpExecArray):
  | Quantity
  | undefined {
  if (!NUMBER.test(rest)) return undefined;
  return {
    kind: `money ${sign}`,
    value: (before === "-" || after === "-" ? -1 : 1) * toNumber(rest),
  };
}

/** Below 0 where `a` is less, 0 where they are equal or of different kinds. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.kind !== b.kind) return 0;
  if (a.parts === undefined || b.parts === undefined) return a.value - b.value;
  for (let at = 0; at < Math.max(a.parts.length, b.parts.length); at++) {
    const difference = (a.parts[at] ?? 0) - (b.parts[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function withUnit(value: number, unit: string): Quantity | undefined {
  if (unit === "%") return { kind: "percent", value };
  // A small m is minutes, a large one mebibytes: `du` and `ls` write sizes with capitals.
  const seconds = SECONDS[unit] ?? (unit.length > 1 ? SECONDS[unit.toLowerCase()] : undefined);
  if (seconds !== undefined) return { kind: "duration", value: value * seconds };
  const bytes = SIZES[unit.toLowerCase()];
  return bytes === undefined ? undefined : { kind: "size", value: value * bytes };
}

function sizes(): Record<string, number> {
  const table: Record<string, number> = { b: 1, byte: 1, bytes: 1 };
  for (const [power, letter] of [..."kmgtpe"].entries()) {
    for (const unit of [letter, `${letter}i`, `${letter}ib`]) table[unit] = 1024 ** (power + 1);
    table[`${letter}b`] = 1000 ** (power + 1);
  }
  return table;
}

function timeOf(text: string): Quantity | undefined {
  const hasZone = /(?:Z|UTC|[-+]\d{2}:?\d{2})$/.test(text.slice(10));
  const iso = text
    .replace(" ", "T")
    .replace(",", ".")
    .replace(/ ?UTC$/, "Z")
    .replace(" ", "");
  const value = Date.parse(hasZone || text.length === 10 ? iso : `${iso}Z`);
  return Number.isNaN(value) ? undefined : { kind: "time", value };
}

function compound(text: string): number {
  let seconds = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const next = text.charCodeAt(at + 1);
    // A part ends behind its unit: before a digit, a space or the end.
    if (!isLowerLetter(text.charCodeAt(at)) || isLowerLetter(next)) continue;
    const part = text.slice(from, at + 1).trim();
    const unit = part.endsWith("ms") ? "ms" : part.slice(-1);
    seconds += Number(part.slice(0, -unit.length)) * (SECONDS[unit] ?? 0);
    from = at + 1;
  }
  return seconds;
}

function clockSeconds([, days, first, second, third]: RegExpExecArray): number {
  const own = Number(days ?? 0) * 86_400;
  return third === undefined
    ? own + Number(first) * 60 + Number(second)
    : own + Number(first) * 3_600 + Number(second) * 60 + Number(third);
}
