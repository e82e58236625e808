/** Chunks as splitters and crawlers leave them: what stays is whole sentences, rows and blocks, and what does not is a declared gap. */
import { describe, expect, it } from "vitest";
import { times } from "../../test/generated/random.ts";
import { compressDocuments } from "./documents.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const shorten = (documents: readonly object[], query: string, maxTokens: number, more = {}) =>
  compressDocuments(documents as never, query, { maxTokens, tokenCounter: counter, ...more });
const facts = (what: string, count: number): readonly string[] =>
  times(count, (at) => `The ${what} number ${at} has the value ${at * 37} in room ${at % 9}.`);
const filler = "It is a part of the shop and does what it is there for. ";
const timesSaid = (text: string, said: string): number => text.split(said).length - 1;

describe("chunks that overlap", () => {
  it("say a sentence of the overlap once", async () => {
    const sentences = facts("gadget", 40);
    const chunks = times(5, (at) => ({ text: sentences.slice(at * 8, at * 8 + 10).join(" ") }));
    const { text } = await shorten(chunks, "Which gadget has which value?", 560);
    for (const sentence of sentences) expect(timesSaid(text, sentence)).toBeLessThan(2);
    expect(timesSaid(text, "The gadget number 8 ")).toBe(1);
  });

  it("do not show the piece of a sentence that stands whole in another", async () => {
    const whole = facts("widget", 60).join(" ");
    // 900 characters with 20 % of overlap, cut wherever that is.
    const chunks = times(6, (at) => ({ text: whole.slice(at * 720 + 7, at * 720 + 907) }));
    const { text } = await shorten(chunks, "Which widget has which value?", 800);
    const sentences = /The widget number \d+ has the value \d+ in room \d\./g;
    const pieces = text
      .replaceAll(sentences, "")
      .split("\n")
      .filter((line) => /^\s*[^…[\s]/.test(line));
    // Where the first chunk begins, and where the last one ends.
    expect(pieces.length).toBeLessThanOrEqual(2);
    expect(text.match(sentences)?.length).toBeGreaterThan(30);
  });

  it("under other ids are one document, and the others are named", async () => {
    const text = facts("gadget", 12).join(" ");
    const chunks = ["a", "b", "c"].map((id) => ({ id, text }));
    const short = await shorten([...chunks, { id: "d", text: filler.repeat(9) }], "gadget", 260);
    expect(short.documents.map(({ like }) => like)).toEqual([undefined, "a", "a", undefined]);
    expect(short.text).toContain("b (nearly the same as a); c (nearly the same as a)");
  });

  it("have titles of their own where their ids are the same", async () => {
    const chunks = times(3, (at) => ({ id: "book.pdf", text: facts(`page ${at}`, 9).join(" ") }));
    const { text, documents } = await shorten(chunks, "page", 240);
    for (const title of ["[document book.pdf]", "book.pdf (2)", "book.pdf (3)"])
      expect(text).toContain(title);
    expect(documents.map(({ id }) => id)).toEqual(["book.pdf", "book.pdf", "book.pdf"]);
  });
});

describe("what pages have in common", () => {
  it("is said once where that saves anything", async () => {
    const notice = `Nothing in this handbook may be copied, sold or lent without a letter of the shop that wrote it.`;
    const pages = ["queue", "worker", "limit", "order"].map((what) => ({
      text: `The ${what} is explained here.\n\n${facts(what, 3).join(" ")}\n\n${notice}\n`,
    }));
    const { text } = await shorten(pages, "What is explained?", 230);
    expect(timesSaid(text, notice)).toBe(1);
    for (const what of ["queue", "worker", "limit", "order"])
      expect(text).toContain(`The ${what} is explained here.`);
  });

  it("does not make them the same", async () => {
    const said = [
      ["这座桥建于1931年。", "星期天关闭。"],
      ["博物馆十点开门。", "儿童免费。"],
      ["Yes.", "No fee."],
      ["No.", "A fee."],
    ];
    const pages = said.map((own, at) => ({
      text:
        own.join(at < 2 ? "" : " ") +
        (at < 2 ? "这里还有一句没有什么内容的话。" : filler).repeat(12),
    }));
    const { documents } = await shorten(pages, "", 240);
    expect(documents.map(({ like }) => like)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("of their front matter comes last, and answers all the same", async () => {
    const tags = times(20, (at) => `  - tag-${at}`).join("\n");
    const pages = times(8, (at) => ({
      text: `---\ntitle: Page ${at}\nowner: team-${at}\ntags:\n${tags}\n---\n\nPage ${at} speaks of orders. ${filler.repeat(5)}`,
    }));
    const { text } = await shorten(pages, "orders", 240);
    expect(text).not.toContain("owner:");
    for (const at of pages.keys()) expect(text).toContain(`Page ${at} speaks of orders.`);
    expect((await shorten(pages, "team-5", 240)).text).toContain("owner: team-5\ntags:\n  - tag-0");
  });
});

describe("chunks that are no prose", () => {
  it("show rows under the names of their columns", async () => {
    const tables = times(5, (nth) => {
      const rows = times(40, (at) => `| part-${nth}-${at} | ${at * 3} EUR |`).join("\n");
      return { text: `${filler.repeat(6)}\n\n| item | price |\n|------|-------|\n${rows}\n\nNet.` };
    });
    const { documents } = await shorten(tables, "What does part-3-27 cost?", 110);
    expect(documents[3]?.text).toContain("| item | price |\n|------|-------|\n");
    expect(documents[3]?.text).toContain("| part-3-27 | 81 EUR |");
  });

  it("show blocks of a program, whose strings hold no sentences", async () => {
    const block = (name: string): string =>
      `export function ${name}(path: string) {\n  if (path === "") {\n    throw new Error("${name}: no path. Give one");\n  }\n  return open(path);\n}\n`;
    const names = ["load", "save", "find", "drop", "move", "copy"];
    const code = names.map(block).join("\n");
    const { text } = await shorten([{ id: "a.ts", text: code }], "What does find do?", 120);
    expect(text).toContain(block("find"));
    for (const name of names)
      expect([name, text.includes(`${name}(`)]).toEqual([name, text.includes(block(name))]);
    expect(text).toMatch(/^… \d+ lines/m);
  });

  it("are shown whole or not at all where they are to be", async () => {
    const list = times(30, (at) => `${at} Main Street`).join("\n");
    const given = [
      { id: "list", text: list, whole: true },
      { id: "prose", text: facts("street", 30).join(" ") },
    ];
    const both = await shorten(given, "Main Street", 260);
    expect(both.documents[0]?.text).toBe(list);
    const none = await shorten(given, "Main Street", 120);
    expect(none.documents[0]?.text).toBe("");
    expect(none.text).toContain("[not shown: list]");
  });

  it("are not spoken of where they are empty", async () => {
    const given = [
      { id: "a", text: "" },
      { id: "b", text: filler.repeat(20) },
      { id: "c", text: "\n" },
    ];
    const { text, documents, notShown } = await shorten(given, "shop", 120);
    expect(documents.map((document) => document.text === "")).toEqual([true, false, true]);
    expect(text).not.toContain("not shown");
    expect(notShown).toBeUndefined();
  });
});

describe("questions in other languages", () => {
  it.each([
    [
      "Wann wurden die Brücken gebaut?",
      "Die Brücke wurde 1931 gebaut.",
      "Das Haus hat zwölf Zimmer und einen Keller. ",
    ],
    [
      "Quand les ponts ont-ils été construits ?",
      "Le pont fut construit en 1931.",
      "La maison a douze chambres et une cave. ",
    ],
    [
      "橋はいつ建設されましたか？",
      "この橋は1931年に建設された。",
      "家には十二の部屋と地下室がある。",
    ],
    ["桥是什么时候建的？", "这座桥建于1931年。", "房子有十二个房间和一个地下室。"],
    ["다리는 언제 건설되었습니까?", "다리는 1931년에 건설되었다. ", "집에는 방이 열두 개 있다. "],
  ])("find the sentence: %s", async (query, answer, other) => {
    const given = times(6, (at) => ({
      text: at === 4 ? other.repeat(12) + answer + other.repeat(12) : other.repeat(20 + at),
    }));
    const { text } = await shorten(given, query, 110);
    expect(text).toContain(answer.trim());
  });
});

describe("a room that is too small", () => {
  it.each([
    ["for any sentence", times(6, (at) => ({ text: `${"word ".repeat(400)}${at}.` }))],
    [
      "for the names",
      times(9, (at) => ({ id: "folder/".repeat(25) + at, text: facts(`a${at}`, 20).join(" ") })),
    ],
    [
      "for what differs",
      times(4, (at) => ({ text: `${facts("rule", 20).join(" ")} ${`Not ${at}. `.repeat(9)}` })),
    ],
  ])("%s is not exceeded, and says what is not shown", async (_, given) => {
    const short = await shorten(given, "word rule a3", 100);
    expect(short.tokensAfter).toBeLessThanOrEqual(100);
    expect(short.text).toMatch(/^\[not shown: |^… /m);
  });

  it("shows no more documents than it may, the best by their order and the words together", async () => {
    const given = ["rivers", "billing", "trees", "refunds", "birds"].map((topic) => ({
      id: topic,
      text: `All about ${topic}.`,
    }));
    const options = { maxDocuments: 2 };
    const short = await shorten(given, "How do refunds and billing work?", 1_000, options);
    expect(short.documents.filter(({ text }) => text !== "").map(({ id }) => id)).toEqual([
      "billing",
      "refunds",
    ]);
    expect(short.notShown).toBe("[not shown: rivers; trees; birds]");
    await expect(shorten(given, "", 1_000, { maxDocuments: 0 })).rejects.toThrow('"maxDocuments"');
  });
});
