/** Numbers as people read them. What is no number is a dash. */

const NONE = "–";

/** Two or three digits that count: `950`, `1.2k`, `34M`. */
export function short(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  // 999,500 is a million once it is rounded.
  for (const [from, unit] of [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const)
    if (size >= from * 0.9995) return `${digits(value / from)}${unit}`;
  return digits(value);
}

function digits(value: number): string {
  const size = Math.abs(value);
  const places = size >= 100 || Number.isInteger(value) ? 0 : size >= 0.995 ? 1 : 2;
  return value.toFixed(places).replace(/\.0$/, "");
}

/** All digits, in groups. */
export function whole(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  return Math.round(value).toLocaleString("en-US");
}

export function milliseconds(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  if (value >= 60_000) return `${(value / 60_000).toFixed(1)} min`;
  if (value >= 1_000) return `${(value / 1_000).toFixed(value >= 10_000 ? 0 : 1)} s`;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} ms`;
}

/** @param part 0 to 1 */
export function percent(part: number | undefined): string {
  if (part === undefined || !Number.isFinite(part)) return NONE;
  const value = part * 100;
  // What is nearly all is not all, and what is hardly anything is not nothing.
  if (value > 99.5 && value < 100) return ">99 %";
  if (value > 0 && value < 0.5) return "<1 %";
  return `${Math.round(value)} %`;
}

export function dollars(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  if (value !== 0 && Math.abs(value) < 0.01) return `$${value.toFixed(4)}`;
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `14:05`, or `14:05:09`, in the time zone of the browser. */
export function clockTime(at: number, seconds = false): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return NONE;
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `Sat 14:00`. */
export function dayTime(at: number): string {
  return `${DAYS[new Date(at).getDay()] ?? ""} ${clockTime(at)}`;
}

export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (!(minutes >= 1)) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

export function ratio(part: number, of: number): number | undefined {
  return of > 0 ? part / of : undefined;
}
