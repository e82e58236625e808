/** Retrieved documents within a share of their tokens: is the answer still there when its question is asked? SQuAD v2, all that have one. */
import { percent, progress, type Report } from "./report.ts";
import type { Bench } from "./subject.ts";
import { tokensOf } from "./tokens.ts";

interface Article {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
}

interface Paragraph {
  readonly context: string;
  readonly qas: readonly {
    readonly question: string;
    readonly answers: readonly { readonly text: string }[];
  }[];
}

const SHARES = [
  [0.25, "answers at 25 %"],
  [0.5, "answers at 50 %"],
] as const;

export async function documents(bench: Bench): Promise<Report> {
  const out = bench.report("documents", "Questions on retrieved documents");
  const articles = bench.data.readSet("qa").flatMap(({ text }) => {
    const { data } = JSON.parse(text) as { data: readonly Article[] };
    return data;
  });
  const rows: string[][] = [];
  for (const [share, name] of SHARES) {
    const sum = { met: 0, of: 0, before: 0, after: 0 };
    for (const article of articles) await ask(article, share, bench, sum);
    progress("");
    out.judge(name, sum.of === 0 ? undefined : { met: sum.met, of: sum.of });
    rows.push([percent(share), percent(sum.after / sum.before), `${sum.met}/${sum.of}`]);
  }
  out.table(["tokens asked for", "tokens taken, titles included", "answers visible"], rows);
  out.save();
  return out;
}

interface Sum {
  met: number;
  of: number;
  before: number;
  after: number;
}

/** All questions on one article, whose paragraphs are the documents. */
async function ask(
  { title, paragraphs }: Article,
  share: number,
  { subject }: Bench,
  sum: Sum,
): Promise<void> {
  const given = paragraphs.map(({ context }, at) => ({ id: `${title} ${at + 1}`, text: context }));
  const tokens = tokensOf(given.map(({ text }) => text).join("\n\n"));
  const options = { maxTokens: Math.floor(tokens * share), tokenCounter: subject.counter };
  for (const { question, answers } of paragraphs.flatMap(({ qas }) => qas)) {
    if (answers.length === 0) continue;
    progress(question);
    const { text } = await subject.compressDocuments(given, question, options);
    sum.before += tokens;
    sum.after += tokensOf(text);
    sum.of++;
    if (answers.some((answer) => text.includes(answer.text))) sum.met++;
  }
}
