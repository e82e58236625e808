/**
 * The options that commands share, and how wrong ones are told.
 *
 * Values that the core checks itself (modes, slices) are passed on as they are: it lists what it accepts.
 */
import type { HeadroomOptions } from "@headroom/core";
import { CommandError } from "./command-error.ts";

/** Runs a `parseArgs` call; its errors become one line that points to the command's help. */
export function parsed<Result>(command: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [firstSentence = error.message] = error.message.split(". ");
    throw new CommandError(`${firstSentence.replace(/\.$/, "")}. See: headroom ${command} --help`);
  }
}

/** A whole number from zero up. */
export function wholeNumber(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw new CommandError(`--${option} takes a whole number from 0 up, not "${value}".`);
  }
  return Number(value);
}

interface SharedValues {
  readonly mode?: string | undefined;
  readonly model?: string | undefined;
  readonly "min-tokens"?: string | undefined;
}

/** The core's options out of the command line's. */
export function headroomOptions(values: SharedValues): HeadroomOptions {
  return present({
    // Any other text is refused by the core, which lists the modes there are.
    mode: values.mode as HeadroomOptions["mode"],
    model: values.model,
    minTokens: wholeNumber("min-tokens", values["min-tokens"]),
  });
}

/** An object without its undefined members, as `exactOptionalPropertyTypes` wants it. */
export function present<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Values]?: Exclude<Values[Key], undefined> };
}
