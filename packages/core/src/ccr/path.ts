/**
 * Paths as models write them: `data.items[3].name`, `$.data["odd key"]`, `items.3`, `items[*].name`, `..name`, and elements that meet
 * a condition: `items[status=failed].id`, also in JSONPath's spelling, `items[?(@.status == "failed")].id`.
 *
 * Nothing is refused: what has no meaning as a condition is the name of a key.
 */
import { type Condition, conditionOf } from "./condition.ts";

export type Step =
  /** A member, or an element where it is a number. */
  | { readonly kind: "key"; readonly key: string }
  /** All elements or members. */
  | { readonly kind: "all" }
  /** Members of this name at any depth. */
  | { readonly kind: "deep"; readonly key: string }
  /** Elements or members that meet a condition. */
  | { readonly kind: "where"; readonly condition: Condition; readonly text: string };

/** More steps than the deepest value has lead nowhere. */
const MAX_STEPS = 1_000;

/** The steps of a path. Linear; never throws. */
export function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  let name = "";
  let deep = false;
  const end = (): void => {
    if (name !== "" && !(name === "$" && steps.length === 0))
      steps.push(name === "*" ? { kind: "all" } : { kind: deep ? "deep" : "key", key: name });
    if (name !== "") deep = false;
    name = "";
  };
  for (let i = 0; i < path.length && steps.length < MAX_STEPS; i++) {
    const char = path[i];
    if (char === "[") {
      end();
      const close = closeOf(path, i);
      if (close < 0) {
        const rest = path.slice(isQuote(path[i + 1]) ? i : i + 1);
        return rest === "" ? steps : [...steps, { kind: "key", key: rest }];
      }
      const step = bracketed(path.slice(i + 1, close));
      if (step) steps.push(deep && step.kind === "key" ? { kind: "deep", key: step.key } : step);
      deep = false;
      i = close;
    } else if (char === ".") {
      end();
      if (path[i + 1] === ".") deep = true;
    } else if (char === "]") end();
    else name += char;
  }
  end();
  return steps;
}

/** Whether a path may name more than one value. */
export function namesMany(steps: readonly Step[]): boolean {
  return steps.some(({ kind }) => kind !== "key");
}

/** The `]` that ends what opens at `start`; quoted ones and those of inner brackets do not. */
function closeOf(path: string, start: number): number {
  const first = path[start + 1];
  // A quoted name ends at its quote and bracket, whatever it holds.
  if (isQuote(first)) {
    const close = path.indexOf(`${first}]`, start + 2);
    return close < 0 ? -1 : close + 1;
  }
  let depth = 0;
  for (let i = start; i < path.length; i++) {
    const char = path[i];
    if (isQuote(char)) {
      const quote = path.indexOf(char ?? "", i + 1);
      if (quote >= 0) i = quote;
    } else if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return i;
  }
  return -1;
}

function bracketed(inside: string): Step | undefined {
  const [first] = inside;
  if (isQuote(first) && inside.length > 1 && inside.endsWith(first ?? ""))
    return { kind: "key", key: inside.slice(1, -1) };
  const trimmed = inside.trim();
  if (trimmed === "*" || inside === "") return { kind: "all" };
  const condition = conditionOf(trimmed);
  if (condition) return { kind: "where", condition, text: trimmed };
  return { kind: "key", key: inside };
}

function isQuote(char: string | undefined): boolean {
  return char === '"' || char === "'";
}
