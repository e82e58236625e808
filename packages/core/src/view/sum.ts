/** Sums of values: numbers exactly, digit by digit; sizes, durations and money in the unit of the largest. */
import { quantityOf } from "./quantity.ts";

const PLAIN = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;
const WITH_UNIT = /^([^\d]{0,2})((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?)( ?[a-zµ%/]*)$/i;
const MONEY_BEHIND = /^[\d.,]*\d([.,])\d{2}( ?[$€£¥₹])$/;
/** More digits behind the point are noise of floating-point arithmetic. */
const MAX_DECIMALS = 9;

/** So many digits are exact in a number, whatever they are. */
const MAX_SAFE_DIGITS = 15;

/** The exact sum of plain numbers; `undefined` where one is no plain number. */
export function exactSum(values: readonly string[]): string | undefined {
  let decimals = 0;
  for (const value of values) {
    const plain = PLAIN.exec(value.trim());
    if (!plain) return undefined;
    decimals = Math.max(decimals, plain[1]?.length ?? 0);
  }
  if (decimals > MAX_DECIMALS) return undefined;
  // Digits without the point: a number as long as it is exact, which is much faster.
  let small = 0;
  let large = 0n;
  for (const value of values) {
    const [whole = "", fraction = ""] = value
      .trim()
      .replaceAll(",", "")
      .replace("+", "")
      .split(".");
    const digits = `${whole}${fraction.padEnd(decimals, "0")}`;
    const next = small + Number(digits);
    if (digits.length <= MAX_SAFE_DIGITS && Number.isSafeInteger(next)) small = next;
    else {
      large += BigInt(small) + BigInt(digits);
      small = 0;
    }
  }
  const total = large + BigInt(small);
  const sign = total < 0n ? "-" : "";
  const digits = `${total < 0n ? -total : total}`.padStart(decimals + 1, "0");
  const at = digits.length - decimals;
  return `${sign}${digits.slice(0, at)}${decimals > 0 ? `.${digits.slice(at)}` : ""}`;
}

/** What values add up to, in the unit of `largest`; `undefined` where it is not written as a number and a unit. */
export function sumInUnitOf(total: number, largest: string): string | undefined {
  const money = MONEY_BEHIND.exec(largest.trim());
  if (money) return `${total.toFixed(2).replace(".", money[1] ?? "")}${money[2]}`;
  const written = WITH_UNIT.exec(largest.trim());
  if (!written) return undefined;
  const [, before = "", , fraction = "", after = ""] = written;
  const one = quantityOf(`${before}1${after}`)?.value;
  if (one === undefined || one === 0) return undefined;
  // One digit more than the largest: the smaller ones are often written in a smaller unit.
  const decimals = Math.min(MAX_DECIMALS, fraction.length + 1);
  return `${before}${withoutZeros((total / one).toFixed(decimals))}${after}`;
}

/** Without the zeros at the end of the decimals. */
function withoutZeros(number: string): string {
  let end = number.length;
  while (number[end - 1] === "0") end--;
  return number.slice(0, number[end - 1] === "." ? end - 1 : end);
}

/** The half of the last digit of a sum as it is written, in what it measures: as far as it may be off. */
export function roundingOf(sum: string): number | undefined {
  if (MONEY_BEHIND.test(sum.trim())) return 0.005;
  const written = WITH_UNIT.exec(sum.trim().replace(/^-/, ""));
  if (!written) return undefined;
  const [, before = "", , fraction = "", after = ""] = written;
  const one = quantityOf(`${before.replace("-", "")}1${after}`)?.value;
  return one === undefined ? undefined : 0.5 * one * 10 ** -fraction.length;
}
