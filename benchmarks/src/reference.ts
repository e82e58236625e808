/**
 * The reference system's own scenarios, as whole requests, beside what its code made of the same input.
 *
 * Savings are over all tokens of the request. A `query` needle is asked in two ways: its question handed over as `query`
 * (as if it had been asked before the tools ran, which is when a compressor can know it), and as the text of the last user
 * message, which comes after the results in some scenarios and must then change no earlier byte (append-only law).
 */
import type { Headroom } from "@headroom/core";
import type { Sample } from "./corpus.ts";
import { countBack, countOf, type RoundTrip, roundTrip, tallyExact, timed } from "./measure.ts";
import { addTallies, fraction, type Needle, type Tally, tallyVisible } from "./needles.ts";
import { ms, percent, progress, type Report, saved } from "./report.ts";
import { type AnyMessage, requestTokens, scenarioMessages } from "./requests.ts";
import type { Bench } from "./subject.ts";
import type { Count } from "./targets.ts";

/** What the reference's code made of the same input: the needles file says of which version and when. */
interface ReferenceMeasured {
  readonly before: number;
  readonly after: number;
  readonly saved: number;
  readonly ms: number;
  /** `strings: "15/15"` for each kind of needle. */
  readonly needles?: Readonly<Record<string, { readonly strings?: string }>>;
}

interface Case {
  readonly sample: Sample;
  readonly reference: ReferenceMeasured;
  readonly isJson: boolean;
  readonly before: number;
  readonly after: number;
  readonly savings: number;
  readonly milliseconds: number;
  readonly blocks: string;
  readonly must: Tally;
  readonly query: Tally;
  readonly queryLast: Tally;
  readonly exact: Tally;
  readonly back: readonly (RoundTrip | undefined)[];
}

export async function reference(bench: Bench): Promise<Report> {
  const out = bench.report("reference", "The reference system's scenarios");
  const cases: Case[] = [];
  for (const sample of bench.data.readSet("reference")) {
    if (sample.facts.reference_measured === undefined) continue;
    progress(sample.name);
    cases.push(await measureCase(sample, bench));
  }
  progress("");
  if (cases.length === 0) out.text("The shared corpora are not there.");
  else {
    printTotals(out, cases);
    printCases(out, cases);
    judgeCases(out, cases);
  }
  out.save();
  return out;
}

async function measureCase(sample: Sample, { subject }: Bench): Promise<Case> {
  const messages = scenarioMessages(sample);
  const store = subject.store();
  const instance = subject.make({ store });
  const { value: result, milliseconds } = await timed(() => instance.compress(messages));
  const seen = textOf(result.messages);
  const of = (kind: Needle["kind"]): readonly Needle[] =>
    sample.needles.filter((needle) => needle.kind === kind);
  const query: Tally[] = [];
  const queryLast: Tally[] = [];
  for (const needle of of("query")) {
    const question = needle.question ?? "";
    const asked = await instance.compress(messages, { query: question });
    query.push(tallyVisible(needle, textOf(asked.messages)));
    const last = await instance.compress(askedLast(messages, question));
    queryLast.push(tallyVisible(needle, textOf(last.messages)));
  }
  const back: (RoundTrip | undefined)[] = [];
  for (const [index, { content }] of messages.entries()) {
    if (typeof content !== "string") continue;
    const ref = result.blocks.find((block) => block.message === index)?.ref;
    const text = stringOf(result.messages[index]?.content);
    back.push(await roundTrip(content, { text, ...(ref === undefined ? {} : { ref }) }, store));
  }
  const [before, after] = [requestTokens(messages), requestTokens(result.messages)];
  return {
    sample,
    reference: sample.facts.reference_measured as ReferenceMeasured,
    isJson: messages.some(({ role, content }) => role === "tool" && isJson(content)),
    before,
    after,
    savings: saved(before, after),
    milliseconds,
    blocks: outcomes(result.blocks.filter(({ role }) => role === "tool")),
    must: addTallies(of("must").map((needle) => tallyVisible(needle, seen))),
    query: addTallies(query),
    queryLast: addTallies(queryLast),
    exact: addTallies(
      await Promise.all(of("ccr").map((needle) => exactIn(needle, messages, result, instance))),
    ),
    back,
  };
}

/** The ref whose original holds the answer: the marker a model would pick stands above that block. */
function exactIn(
  needle: Needle,
  messages: readonly AnyMessage[],
  result: {
    readonly messages: readonly AnyMessage[];
    readonly blocks: readonly { message: number; ref?: string }[];
  },
  instance: Headroom,
): Promise<Tally> {
  const holder = messages.findIndex(
    ({ role, content }) =>
      role === "tool" && (needle.expect ?? []).every((one) => stringOf(content).includes(one)),
  );
  const ref = result.blocks.find((block) => block.message === holder)?.ref;
  const text = holder === -1 ? textOf(result.messages) : stringOf(result.messages[holder]?.content);
  return tallyExact(needle, { text, ...(ref === undefined ? {} : { ref }) }, instance);
}

function askedLast(messages: readonly AnyMessage[], question: string): readonly AnyMessage[] {
  const last = messages.findLastIndex(({ role }) => role === "user");
  return messages.map((message, index) =>
    index === last ? { ...message, content: question } : message,
  );
}

function printTotals(out: Report, cases: readonly Case[]): void {
  const groups = [...new Set(cases.map(({ sample }) => String(sample.facts.group)))].sort();
  const row = (name: string, some: readonly Case[]): readonly string[] => {
    const sum = sumsOf(some);
    return [
      name,
      String(some.length),
      percent(saved(sum.before, sum.after)),
      percent(saved(sum.referenceBefore, sum.referenceAfter)),
      `${sum.must.stringsMet}/${sum.must.strings}`,
      `${sum.query.stringsMet}/${sum.query.strings}`,
      `${sum.queryLast.stringsMet}/${sum.queryLast.strings}`,
      fraction(sum.exact),
      ms(sum.milliseconds),
      ms(some.reduce((all, one) => all + one.reference.ms, 0)),
    ];
  };
  out.table(
    [
      "group",
      "cases",
      "saved",
      "reference",
      "must strings",
      "query strings",
      "asked last",
      "exact",
      "time",
      "reference",
    ],
    [
      ...groups.map((group) =>
        row(
          group,
          cases.filter(({ sample }) => sample.facts.group === group),
        ),
      ),
      row("all", cases),
      row(
        "JSON tool output",
        cases.filter(({ isJson }) => isJson),
      ),
    ],
  );
}

function printCases(out: Report, cases: readonly Case[]): void {
  out.table(
    [
      "case",
      "tokens",
      "saved",
      "reference",
      "must",
      "query",
      "asked last",
      "exact",
      "back",
      "ms",
      "tool blocks",
    ],
    cases.map((one) => [
      one.sample.name,
      String(one.before),
      percent(one.savings),
      percent(one.reference.saved),
      fraction(one.must),
      fraction(one.query),
      fraction(one.queryLast),
      fraction(one.exact),
      `${countBack(one.back).met}/${countBack(one.back).of}`,
      ms(one.milliseconds),
      one.blocks,
    ]),
    "file",
  );
  const missing = cases.flatMap(({ sample, must, query, exact }) =>
    [
      ...must.missing.map((one) => `must: ${one}`),
      ...query.missing.map((one) => `query: ${one}`),
      ...exact.missing,
    ].map((one) => [sample.name, one.slice(0, 160)]),
  );
  if (missing.length > 0) out.table(["case", "needle not met"], missing, "file");
}

function judgeCases(out: Report, cases: readonly Case[]): void {
  const isShort = ({ savings, reference }: Case): boolean => !(savings >= reference.saved);
  const namesOf = (short: readonly Case[]): string => {
    const names = short.slice(0, 6).map(({ sample }) => sample.name);
    return short.length === 0
      ? ""
      : `short: ${names.join(", ")}${short.length > names.length ? " …" : ""}`;
  };
  const json = cases.filter(({ isJson }) => isJson);
  for (const [name, some] of [
    ["reference json", json],
    ["reference cases", cases],
  ] as const)
    out.judge(
      name,
      countOf(some, (one) => !isShort(one)),
      { note: namesOf(some.filter(isShort)) },
    );
  const sum = sumsOf(cases);
  out.judge("reference saved", saved(sum.before, sum.after), {
    note: `reference ${percent(saved(sum.referenceBefore, sum.referenceAfter))}`,
  });
  const facts = (
    name: "reference must" | "reference query" | "reference exact",
    kind: string,
    { strings, stringsMet }: Tally,
  ): void => {
    const theirs = referenceStrings(cases, kind);
    out.judge(
      name,
      { met: stringsMet, of: strings },
      theirs.of > 0 ? { note: `reference ${theirs.met} of ${theirs.of}` } : {},
    );
  };
  facts("reference must", "must", sum.must);
  facts("reference query", "query", sum.query);
  facts("reference exact", "ccr", sum.exact);
  out.judge("reference round trip", countBack(cases.flatMap(({ back }) => back)));
}

/** What the reference kept, as the needles files say it. */
function referenceStrings(cases: readonly Case[], kind: string): Count {
  const pairs = cases.map(({ reference }) =>
    (reference.needles?.[kind]?.strings ?? "0/0").split("/").map(Number),
  );
  return {
    met: pairs.reduce((all, [met = 0]) => all + met, 0),
    of: pairs.reduce((all, [, of = 0]) => all + of, 0),
  };
}

function sumsOf(cases: readonly Case[]) {
  const sum = (of: (one: Case) => number): number => cases.reduce((all, one) => all + of(one), 0);
  return {
    before: sum(({ before }) => before),
    after: sum(({ after }) => after),
    referenceBefore: sum(({ reference }) => reference.before),
    referenceAfter: sum(({ reference }) => reference.after),
    milliseconds: sum(({ milliseconds }) => milliseconds),
    must: addTallies(cases.map(({ must }) => must)),
    query: addTallies(cases.map(({ query }) => query)),
    queryLast: addTallies(cases.map(({ queryLast }) => queryLast)),
    exact: addTallies(cases.map(({ exact }) => exact)),
  };
}

function outcomes(blocks: readonly { outcome: string; kind?: string; reason: string }[]): string {
  const counts = new Map<string, number>();
  for (const { outcome, kind, reason } of blocks) {
    const name = outcome === "compressed" ? `${kind}` : `${outcome}: ${reason}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join("; ");
}

function textOf(messages: readonly AnyMessage[]): string {
  return messages.map(({ content }) => stringOf(content)).join("\n");
}

function stringOf(content: unknown): string {
  if (typeof content === "string") return content;
  return content === undefined || content === null ? "" : JSON.stringify(content);
}

function isJson(content: unknown): boolean {
  if (typeof content !== "string" || !/^\s*[[{]/.test(content)) return false;
  try {
    JSON.parse(content);
    return true;
  } catch {
    return false;
  }
}
