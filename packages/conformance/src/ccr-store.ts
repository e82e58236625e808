import type { CcrEntry, CcrRef, CcrStore } from "@headroom/core";
import fc from "fast-check";
import { check, LawError, rejects, same } from "./assert.ts";
import { type ConformanceCase, type Skips, withoutSkipped } from "./case.ts";
import { refOf } from "./ref.ts";
import { anyText, hostileTexts } from "./text.ts";

export interface CcrStoreSubject {
  /** A new, empty store whose clock is `now`. */
  create(now: () => number): CcrStore | Promise<CcrStore>;
  /**
   * Lets real time pass, for a store whose clock cannot be replaced. `now` is then the system clock.
   * Asked for at most a second at a time.
   */
  wait?(milliseconds: number): Promise<void>;
  /** Length of the large text. @default 4_000_000 */
  largeCharacters?: number;
  /** fast-check runs per generated law. @default 100 */
  runs?: number;
  skips?: Skips;
}

/** Names that mean something to a careless map, path or key pattern. */
const ODD_REFS = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "then",
  "",
  ".",
  "..",
  "../../package.json",
  "/etc/passwd",
  "a/b",
  "a\\b",
  "a:b",
  "*",
  "%00",
  "a\u0000b",
  "' or 1=1 --",
  "x".repeat(5_000),
];

/** Laws every `CcrStore` keeps. */
export function ccrStoreCases(subject: CcrStoreSubject): readonly ConformanceCase[] {
  const { runs: numRuns = 100, largeCharacters = 4_000_000 } = subject;

  /** Runs a law against a new store and closes it, whatever happens. */
  async function on(law: (store: CcrStore, clock: Clock) => Promise<void>): Promise<void> {
    const clock = clockOf(subject);
    const store = await subject.create(clock.now);
    try {
      await law(store, clock);
    } finally {
      await store.close?.().catch(() => undefined);
    }
  }

  const cases: ConformanceCase[] = [
    {
      name: "returns what was put, byte for byte",
      run: () =>
        on(async (store) => {
          const texts = [
            ...hostileTexts,
            " padded ",
            "a\r\nb\rc\n",
            "\ufeffbom",
            "x\u0000y",
            "\ud800",
            "é",
            "e\u0301",
          ];
          for (const [index, text] of texts.entries())
            await returns(store, `hostile ${index}`, text);
          let count = 0;
          const property = fc.asyncProperty(anyText(), (text) =>
            returns(store, `any ${count++}`, text),
          );
          await fc.assert(property, { numRuns });
        }),
    },
    {
      name: "returns a large text, byte for byte",
      run: () =>
        on(async (store) => {
          const unit = 'line 1: {"k":"é👩‍👦\u0000"}\r\n';
          await returns(store, "large", unit.repeat(Math.ceil(largeCharacters / unit.length)));
        }),
    },
    {
      name: "an entry carries the ref it was asked for by",
      run: () =>
        on(async (store) => {
          await store.put({ ref: refOf("one"), text: "one" });
          await store.put({ ref: refOf("other"), text: "other" });
          same((await store.get(refOf("one")))?.ref, refOf("one"), "ref of the entry");
        }),
    },
    {
      name: "an unknown ref is undefined",
      run: () =>
        on(async (store) => {
          await store.put({ ref: refOf("known"), text: "known" });
          same(await store.get(refOf("unknown")), undefined, "get of a ref that was never put");
        }),
    },
    {
      name: "two stores made separately share nothing by accident",
      run: () =>
        on(async (store) => {
          const ref = refOf("private");
          await store.put({ ref, text: "private" });
          await on(async (other) =>
            same(await other.get(ref), undefined, "get from another store"),
          );
        }),
    },
    {
      name: "an entry is gone at its deadline",
      run: () =>
        on(async (store, clock) => {
          const expiresAt = clock.now() + 1_000;
          // Two of them: reading one may lengthen its life.
          await store.put({ ref: refOf("read before"), text: "short-lived", expiresAt });
          await store.put({ ref: refOf("read after"), text: "short-lived", expiresAt });
          await clock.advance(clock.exact ? 999 : 500);
          same(
            (await store.get(refOf("read before")))?.text,
            "short-lived",
            "text before the deadline",
          );
          await clock.advance(clock.exact ? 1 : 600);
          same(await store.get(refOf("read after")), undefined, "get at the deadline");
        }),
    },
    {
      name: "an entry put after its deadline is never served",
      run: () =>
        on(async (store, clock) => {
          const ref = refOf("late");
          await store.put({ ref, text: "late", expiresAt: clock.now() - 1 }).catch(() => undefined);
          same(await store.get(ref), undefined, "get of an entry that had expired when it was put");
        }),
    },
    {
      name: "a second put never shortens a life",
      run: () =>
        on(async (store, clock) => {
          const [short, long] = [clock.now() + 300, clock.now() + 600_000];
          const lives: [string, number | undefined, number | undefined][] = [
            ["long, then short", long, short],
            ["no deadline, then short", undefined, short],
          ];
          for (const [text, first, second] of lives) {
            await store.put(entryOf(text, first));
            await store.put(entryOf(text, second));
          }
          await clock.advance(500);
          for (const [text] of lives) {
            same((await store.get(refOf(text)))?.text, text, `text put twice, ${text}`);
          }
        }),
    },
    {
      name: "a second put lengthens a life",
      run: () =>
        on(async (store, clock) => {
          const [short, long] = [clock.now() + 300, clock.now() + 600_000];
          const lives: [string, number | undefined, number | undefined][] = [
            ["short, then long", short, long],
            ["short, then no deadline", short, undefined],
          ];
          for (const [text, first, second] of lives) {
            await store.put(entryOf(text, first));
            await store.put(entryOf(text, second));
          }
          await clock.advance(500);
          for (const [text] of lives) {
            same((await store.get(refOf(text)))?.text, text, `text put twice, ${text}`);
          }
        }),
    },
    {
      name: "the deadline it tells is no earlier than the one asked for",
      run: () =>
        on(async (store, clock) => {
          const expiresAt = clock.now() + 600_000;
          await store.put(entryOf("deadline", expiresAt));
          const found = await store.get(refOf("deadline"));
          same(found?.text, "deadline", "text before the deadline");
          const told = found?.expiresAt;
          check(
            told === undefined || told >= expiresAt,
            "expiresAt",
            `at least ${expiresAt}`,
            told,
          );
        }),
    },
    {
      name: "putting the same entry again is fine",
      run: () =>
        on(async (store) => {
          for (let time = 0; time < 3; time++) {
            await resolves(store.put(entryOf("again")), `put number ${time + 1} of the same entry`);
          }
          same((await store.get(refOf("again")))?.text, "again", "text after three puts");
        }),
    },
    {
      name: "another text under a ref in use is refused and never served",
      run: () =>
        on(async (store) => {
          const ref = refOf("first");
          await store.put({ ref, text: "first" });
          await rejects(
            store.put({ ref, text: "second" }),
            "put of another text under a ref in use",
          );
          same((await store.get(ref))?.text, "first", "text under the ref afterwards");
        }),
    },
    {
      name: "of texts racing for one ref only the acknowledged one is served",
      run: () =>
        on(async (store) => {
          const ref = refOf("race");
          const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
          const puts = await Promise.allSettled(texts.map((text) => store.put({ ref, text })));
          const acknowledged = texts.filter((_, index) => puts[index]?.status === "fulfilled");
          check(acknowledged.length === 1, "acknowledged texts", "one", acknowledged);
          same((await store.get(ref))?.text, acknowledged[0], "text under the ref");
        }),
    },
    {
      name: "concurrent puts all arrive",
      run: () =>
        on(async (store) => {
          const texts = Array.from({ length: 64 }, (_, index) => `text ${index % 48}`);
          await resolves(
            Promise.all(texts.map((text) => store.put(entryOf(text)))),
            "64 puts at once",
          );
          const got = await Promise.all(texts.map((text) => store.get(refOf(text))));
          for (const [index, text] of texts.entries())
            same(got[index]?.text, text, "text put at once");
        }),
    },
    {
      name: "delete says whether there was something to delete",
      run: () =>
        on(async (store) => {
          same(await store.delete(refOf("never put")), false, "delete of a ref that was never put");
          await store.put(entryOf("deleted"));
          same(await store.delete(refOf("deleted")), true, "delete of an entry");
          same(await store.delete(refOf("deleted")), false, "delete of a deleted entry");
        }),
    },
    {
      name: "a deleted entry is gone, alone, and can be put again",
      run: () =>
        on(async (store) => {
          await store.put(entryOf("stays"));
          await store.put(entryOf("goes"));
          await store.delete(refOf("goes"));
          same(await store.get(refOf("goes")), undefined, "get of a deleted entry");
          same((await store.get(refOf("stays")))?.text, "stays", "text of the entry not deleted");
          await resolves(store.put(entryOf("goes")), "put of an entry deleted before");
          same((await store.get(refOf("goes")))?.text, "goes", "text of the entry put again");
        }),
    },
    {
      name: "an odd ref is a name like any other, or refused",
      run: () =>
        on(async (store) => {
          for (const odd of ODD_REFS) {
            const ref = odd as CcrRef;
            same(await gone(store.get(ref)), undefined, `get of ${JSON.stringify(odd)}, never put`);
          }
          const held = new Map<string, string>();
          for (const odd of ODD_REFS) {
            const text = `text of "${odd}"`;
            await store.put({ ref: odd as CcrRef, text }).then(
              () => held.set(odd, text),
              () => undefined,
            );
          }
          for (const [odd, text] of held) {
            same((await store.get(odd as CcrRef))?.text, text, `text under ${JSON.stringify(odd)}`);
          }
          same(await store.get(refOf("never put")), undefined, "get of an unknown ref afterwards");
        }),
    },
    {
      name: "objects handed in and out are not the stored ones",
      run: () =>
        on(async (store, clock) => {
          const entry: Mutable<CcrEntry> = { ...entryOf("kept", clock.now() + 600_000) };
          await store.put(entry);
          entry.text = "changed by the one who put it";
          entry.expiresAt = 1;
          const first = await store.get(refOf("kept"));
          same(first?.text, "kept", "text after the entry that was put changed");
          if (first !== undefined && !Object.isFrozen(first)) {
            Object.assign(first, { text: "changed by the one who got it" });
          }
          same(
            (await store.get(refOf("kept")))?.text,
            "kept",
            "text after the entry that was got changed",
          );
        }),
    },
    {
      name: "putMany stores every entry, and none when there is none",
      run: () =>
        on(async (store) => {
          if (store.putMany === undefined) return;
          same((await store.putMany([])).length, 0, "answers for no entry");
          const texts = Array.from({ length: 20 }, (_, index) => `text ${index % 15}`);
          const answers = await store.putMany(texts.map((text) => entryOf(text)));
          same(answers.length, texts.length, "answers");
          for (const [index, text] of texts.entries()) {
            same(answers[index], undefined, `answer for entry ${index}`);
            same((await store.get(refOf(text)))?.text, text, `text of entry ${index}`);
          }
        }),
    },
    {
      name: "putMany tells which entries failed and stores the others",
      run: () =>
        on(async (store) => {
          if (store.putMany === undefined) return;
          const taken = refOf("taken");
          await store.put({ ref: taken, text: "taken" });
          const answers = await store
            .putMany([entryOf("before"), { ref: taken, text: "forged" }, entryOf("after")])
            .catch(() => undefined);
          const failed = answers?.map((answer) => answer instanceof Error);
          same(JSON.stringify(failed), "[false,true,false]", "which of three entries failed");
          for (const text of ["before", "after", "taken"]) {
            same((await store.get(refOf(text)))?.text, text, `text of "${text}"`);
          }
        }),
    },
    {
      name: "closing twice is fine",
      async run() {
        const store = await subject.create(clockOf(subject).now);
        await store.put(entryOf("x"));
        await resolves(store.close?.(), "close");
        await resolves(store.close?.(), "the second close");
      },
    },
  ];
  return withoutSkipped(cases, subject.skips);
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

interface Clock {
  now(): number;
  advance(milliseconds: number): Promise<void>;
  /** A millisecond is a millisecond. */
  readonly exact: boolean;
}

function clockOf(subject: CcrStoreSubject): Clock {
  const { wait } = subject;
  if (wait !== undefined) {
    return { now: Date.now, advance: (milliseconds) => wait(milliseconds), exact: false };
  }
  let time = 1_700_000_000_000;
  return {
    now: () => time,
    exact: true,
    async advance(milliseconds) {
      time += milliseconds;
    },
  };
}

async function returns(store: CcrStore, name: string, text: string): Promise<void> {
  const ref = refOf(name);
  await store.put({ ref, text });
  same((await store.get(ref))?.text, text, `text of "${name}"`);
}

async function resolves(promise: Promise<unknown> | undefined, what: string): Promise<void> {
  try {
    await promise;
  } catch (error) {
    throw new LawError(what, "no rejection", error);
  }
}

/** A refusal says as clearly as `undefined` that there is nothing. */
async function gone(promise: Promise<CcrEntry | undefined>): Promise<CcrEntry | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}

function entryOf(text: string, expiresAt?: number): CcrEntry {
  const entry = { ref: refOf(text), text };
  return expiresAt === undefined ? entry : { ...entry, expiresAt };
}
