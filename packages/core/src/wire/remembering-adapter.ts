/**
 * An adapter that reads and writes each message once. A conversation sends its messages again with every turn, and those that were
 * parsed before are the same objects (`parts.ts`); nobody else has them, so they stay as they are.
 */
import type { MessageAdapter, TextBlock, ToolCall } from "../types/message.ts";

export function rememberingAdapter(adapter: MessageAdapter): MessageAdapter {
  const written = new WeakMap<object, Written>();
  return {
    ...adapter,
    read: remembered<readonly TextBlock[]>((message) => adapter.read(message)),
    calls: remembered<readonly ToolCall[]>((message) => adapter.calls(message)),
    write(message, replacements) {
      if (typeof message !== "object" || message === null)
        return adapter.write(message, replacements);
      const known = written.get(message);
      if (known && areEqual(known.replacements, replacements)) return known.value;
      const value = adapter.write(message, replacements);
      written.set(message, { replacements: new Map(replacements), value });
      return value;
    },
  };
}

interface Written {
  readonly replacements: ReadonlyMap<string, string>;
  readonly value: unknown;
}

function remembered<Value>(make: (message: unknown) => Value): (message: unknown) => Value {
  const made = new WeakMap<object, Value>();
  return (message) => {
    if (typeof message !== "object" || message === null) return make(message);
    const known = made.get(message);
    if (known !== undefined) return known;
    const value = make(message);
    made.set(message, value);
    return value;
  };
}

function areEqual(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([id, text]) => other.get(id) === text);
}
