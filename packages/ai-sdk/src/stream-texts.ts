/** Texts and reasoning of one round of a stream, put together from their parts. */
import type { Part } from "./spec.ts";

export interface OpenTexts {
  /** In the order in which they began; others may be pushed between them. */
  readonly content: Part[];
  open(part: Part): void;
  add(part: Part): void;
  get(id: unknown): Part | undefined;
}

export function openTexts(): OpenTexts {
  interface Open extends Part {
    text: string;
    providerMetadata?: unknown;
  }
  const content: Part[] = [];
  const byId = new Map<unknown, Open>();
  return {
    content,
    open({ id, type, providerMetadata }) {
      const part: Open = { type: type === "text-start" ? "text" : "reasoning", text: "" };
      if (providerMetadata !== undefined) part.providerMetadata = providerMetadata;
      byId.set(id, part);
      content.push(part);
    },
    add({ id, delta, providerMetadata }) {
      const part = byId.get(id);
      if (!part) return;
      if (typeof delta === "string") part.text += delta;
      // The later one stands, as in the SDK: signatures come at the end.
      if (providerMetadata !== undefined) part.providerMetadata = providerMetadata;
    },
    get: (id) => byId.get(id),
  };
}
