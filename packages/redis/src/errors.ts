/** Errors of a client as they may be shown: without the command's arguments, which are the original. */

/** What the server answered is not what was asked for. It speaks of the record, not of the server's health. */
export class AnswerError extends Error {
  override readonly name: string = "AnswerError";
}

/** A reply of the server that says no. It is an answer: the server is there. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Redis repeats the arguments of a command it does not know.
  const at = message.indexOf(", with args beginning with");
  const shown = at < 0 ? message : message.slice(0, at);
  return isRefusal(error) &&
    /syntax error|wrong number of arguments|Unsupported option/i.test(shown)
    ? `${shown} (Redis 7.0 or newer, or Valkey, is needed)`
    : shown;
}

/** The cause to hand on: name, message and code of an error, and nothing else that a client hung on it. */
export function cleanCause(error: unknown): Error {
  const cause = new Error(messageOf(error));
  if (!(error instanceof Error)) return cause;
  const code = (error as { readonly code?: unknown }).code;
  return Object.assign(cause, {
    name: error.name,
    ...(typeof code === "string" ? { code } : {}),
  });
}
