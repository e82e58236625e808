/** The kinds of values that settings have: how a value is read from a text (a flag, a variable) and from JSON (the file). */

/** One row of the table of settings. */
export interface Setting<Value> {
  /** As help shows it: `N`, `URL`. Empty for what is on or off. */
  readonly type: string;
  /** What happens without it, in words. */
  readonly fallback: string;
  readonly help: string;
  /** What is right, as "takes …" goes on. */
  readonly expects: string;
  /** The value is never shown. */
  readonly isSecret?: true;
  readonly isList?: true;
  readonly isSwitch?: true;
  /** `undefined` for what is not right. */
  fromText(text: string): Value | undefined;
  fromJson(value: unknown): Value | undefined;
}

interface Row {
  readonly fallback: string;
  readonly help: string;
}

export function wholeNumber(row: Row, min: number, max: number): Setting<number> {
  const inRange = (value: number): number | undefined =>
    Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
  const range =
    max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max.toString()}`;
  return {
    ...row,
    type: "N",
    expects: `a whole number ${range}`,
    fromText: (text) => (/^\d{1,16}$/.test(text) ? inRange(Number(text)) : undefined),
    fromJson: (value) => (typeof value === "number" ? inRange(value) : undefined),
  };
}

export function word<Value extends string>(
  row: Row,
  accepted: readonly Value[],
  type: string,
): Setting<Value> {
  const known = (value: unknown): Value | undefined => accepted.find((one) => one === value);
  return { ...row, type, expects: alternatives(accepted), fromText: known, fromJson: known };
}

export function text(row: Row, type: string): Setting<string> {
  const filled = (value: unknown): string | undefined =>
    typeof value === "string" && value !== "" ? value : undefined;
  return { ...row, type, expects: "a text", fromText: filled, fromJson: filled };
}

export function secret(row: Row, minLength: number): Setting<string> {
  const long = (value: unknown): string | undefined =>
    typeof value === "string" && value.length >= minLength ? value : undefined;
  return {
    ...row,
    type: "SECRET",
    expects: `a secret of ${minLength} characters or more`,
    isSecret: true,
    fromText: long,
    fromJson: long,
  };
}

/** Whose hosts are refused beside this is the proxy's to say. */
export function url(row: Row): Setting<string> {
  const sound = (value: unknown): string | undefined => {
    if (typeof value !== "string" || !URL.canParse(value)) return undefined;
    const { protocol, username, password } = new URL(value);
    return /^https?:$/.test(protocol) && username === "" && password === "" ? value : undefined;
  };
  return {
    ...row,
    type: "URL",
    expects: "an http or https URL without credentials",
    // One that was refused may have had a password in it.
    isSecret: true,
    fromText: sound,
    fromJson: sound,
  };
}

const ON = new Set(["true", "1", "yes", "on"]);
const OFF = new Set(["false", "0", "no", "off"]);

export function onOff(row: Row): Setting<boolean> {
  return {
    ...row,
    type: "",
    expects: "true or false",
    isSwitch: true,
    fromText(given) {
      const lower = given.toLowerCase();
      return ON.has(lower) ? true : OFF.has(lower) ? false : undefined;
    },
    fromJson: (value) => (typeof value === "boolean" ? value : undefined),
  };
}

/** @param accepted the words it may have; any where it is absent */
export function list<Value extends string>(
  row: Row,
  type: string,
  accepted?: readonly Value[],
): Setting<readonly Value[]> {
  const sound = (values: readonly unknown[]): readonly Value[] | undefined =>
    values.every(
      (one): one is Value =>
        typeof one === "string" && one !== "" && (!accepted || accepted.includes(one as Value)),
    )
      ? values
      : undefined;
  return {
    ...row,
    type,
    expects: accepted
      ? `${alternatives(accepted)}, or several of them`
      : "texts, separated by commas (an array in the file)",
    isList: true,
    fromText: (given) => sound(given.split(",").map((one) => one.trim())),
    fromJson: (value) => (Array.isArray(value) ? sound(value) : undefined),
  };
}

/** Words by name: `Bash=lossless,Read=exclude`, an object in the file. */
export function wordsByName<Value extends string>(
  row: Row,
  accepted: readonly Value[],
  type: string,
): Setting<Readonly<Record<string, Value>>> {
  const sound = (pairs: readonly (readonly [string, unknown])[]) =>
    pairs.every(([name, value]) => name !== "" && accepted.includes(value as Value))
      ? (Object.fromEntries(pairs) as Record<string, Value>)
      : undefined;
  return {
    ...row,
    type,
    expects: `NAME=MODE, where MODE is ${alternatives(accepted)} (an object in the file)`,
    isList: true,
    fromText: (given) =>
      sound(
        given.split(",").map((one) => {
          const at = one.lastIndexOf("=");
          return [one.slice(0, at).trim(), at < 0 ? "" : one.slice(at + 1).trim()] as const;
        }),
      ),
    fromJson: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? sound(Object.entries(value))
        : undefined,
  };
}

/** When a long conversation shrinks, to what, and what stays whole: `120000,60000,5`, an object in the file. */
export interface HistoryValue {
  readonly triggerTokens: number;
  readonly targetTokens?: number;
  readonly keepRecentTurns?: number;
}

const HISTORY_NAMES = ["triggerTokens", "targetTokens", "keepRecentTurns"] as const;

export function history(row: Row): Setting<HistoryValue> {
  const sound = (given: Readonly<Record<string, unknown>>): HistoryValue | undefined => {
    const { triggerTokens, targetTokens, keepRecentTurns } = given;
    const isKnown = Object.keys(given).every((name) => HISTORY_NAMES.some((one) => one === name));
    if (!isKnown || !isWhole(triggerTokens, 1)) return undefined;
    if (targetTokens !== undefined && !isWhole(targetTokens, 0, triggerTokens - 1))
      return undefined;
    if (keepRecentTurns !== undefined && !isWhole(keepRecentTurns, 1)) return undefined;
    return {
      triggerTokens,
      ...(targetTokens === undefined ? {} : { targetTokens }),
      ...(keepRecentTurns === undefined ? {} : { keepRecentTurns }),
    };
  };
  return {
    ...row,
    type: "TRIGGER[,TARGET[,KEEP]]",
    expects:
      "TRIGGER[,TARGET[,KEEP]]: tokens, fewer tokens, and turns that stay whole, like 120000,60000,5 (an object with triggerTokens, targetTokens and keepRecentTurns in the file)",
    fromText(given) {
      const parts = given.split(",").map((part) => part.trim());
      if (parts.length > HISTORY_NAMES.length || !parts.every((part) => /^\d{1,16}$/.test(part)))
        return undefined;
      return sound(Object.fromEntries(parts.map((part, at) => [HISTORY_NAMES[at], Number(part)])));
    },
    fromJson: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? sound({ ...value })
        : undefined,
  };
}

function isWhole(
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
}

/** `a`, `a or b`, `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
