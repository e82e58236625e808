/** Namespaces and secrets isolate: what one tenant stored another cannot name, find or be sent. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { expect } from "vitest";
import { describeLaw, estimate, type Make } from "./law.ts";
import { messagesOf, transcripts } from "./transcript.ts";

const shared: Make = ({ namespace: _, ...options }) => createHeadroom(options);
const known: Make = ({ secret: _, ...options }) => createHeadroom(options);

describeLaw(
  "the same text in another namespace, or under another secret, has another ref and is not found",
  transcripts(),
  async (transcript, make) => {
    const input = messagesOf(transcript);
    const store = memoryStore();
    const common = { store, tokenCounter: estimate, minTokens: 40 };
    const tenants = [
      make({ ...common, namespace: "a", secret: "one" }),
      make({ ...common, namespace: "b", secret: "one" }),
      make({ ...common, namespace: "a", secret: "two" }),
      make({ ...common, namespace: "", secret: "aone" }),
    ];
    const results = [];
    for (const tenant of tenants) results.push(await tenant.compress(input));
    const all = results.flatMap(({ refs }) => refs);
    expect(new Set(all).size).toBe(all.length);
    for (const [index, tenant] of tenants.entries()) {
      for (const [owner, { refs }] of results.entries()) {
        for (const hash of refs) {
          const answer = await tenant.retrieve({ hash });
          expect(answer.found).toBe(index === owner);
          if (index !== owner) expect(answer.slices).toEqual([]);
        }
      }
    }
  },
  { "ignores the namespace": shared, "ignores the secret": known },
  0.25,
);
