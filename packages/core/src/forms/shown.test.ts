/** What the view of a long output has to show, and which kind may speak of it: one line of importance among hundreds of others. */
import { describe, expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { memoryStore } from "../index.ts";

interface Output {
  readonly lines: readonly string[];
  readonly shows: readonly string[];
  readonly kind?: string;
}

const headroom = createHeadroom({ store: memoryStore() });
const times = (count: number, line: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => line(at));
const WORDS = "amber birch cedar delta ember fjord grove heath inlet jetty knoll".split(" ");
const word = (at: number): string => WORDS[(at * 7 + (at >> 3)) % WORDS.length] ?? "";
const name = (at: number): string => `${word(at)}-${word(at + 3)}`;
const two = (at: number): string => String(at % 60).padStart(2, "0");

const outputs: Readonly<Record<string, Output>> = {
  "errors with columns in them, which a table would cut": {
    lines: times(
      300,
      (at) =>
        `2026/05/01 10:${two(at / 5)}:${two(at)} [error] ${at % 4}#0: *${at} ${at === 170 ? "SSL_do_handshake() failed while handshaking to upstream" : ["connect() failed (111: Connection refused) while connecting to upstream", "upstream timed out (110: Connection timed out) while reading"][at % 2]}, client: 10.0.${at % 8}.${(at * 37) % 256}, server: a.example, request: "GET /${word(at)}/${(at * 91) % 9999} HTTP/1.1", host: "a.example"`,
    ),
    shows: ["SSL_do_handshake() failed", "Connection refused", "timed out (110: Connection"],
    kind: "log",
  },
  "names and numbers, which are no counts of files": {
    lines: times(700, (at) => `${word(at)}_${word(at + 5)}_${at}:${(at * 7919) % 900}`),
    shows: [],
    kind: "lines",
  },
  "keys with two numbers, which are no lines of a file": {
    lines: times(700, (at) => `key:${1000 + at * 3}:${(at * 7919) % 900}`),
    shows: [],
    kind: "lines",
  },
  "names that come back with a number and a state": {
    lines: times(
      900,
      (at) => `${word((at * at) % 997)}:${(at * 53) % 97}:${at === 500 ? "dead" : "alive"}`,
    ),
    shows: [":dead"],
    kind: "lines",
  },
  "one time far longer than others": {
    lines: times(
      900,
      (at) =>
        `64 bytes from 10.0.0.1: seq=${at + 1} ttl=64 time=${at === 300 ? "2412" : `0.${300 + ((at * 37) % 200)}`} ms`,
    ),
    shows: ["time=2412 ms"],
  },
  "short sections between lists": {
    lines: [
      "On branch main",
      "",
      "Changes to be committed:",
      ...times(400, (at) => `\tmodified:   src/${word(at)}/${name(at)}${at}.ts`),
      "",
      "Unmerged paths:",
      '  (use "git add <file>..." to mark resolution)',
      "\tboth modified:   src/orders/refund.ts",
      "",
      "Untracked files:",
      ...times(300, (at) => `\ttmp/${word(at)}/${name(at)}${at}.out`),
    ],
    shows: ["Unmerged paths:", "both modified:   src/orders/refund.ts", "Untracked files:"],
  },
  "one thing said behind the name that all lines begin with": {
    lines: times(200, (at) =>
      [
        `==4242== ${at === 100 ? "Invalid write of size 8" : "Conditional jump depends on uninitialised value(s)"}`,
        `==4242==    at 0x${(at * 7919 + 90_000).toString(16)}: ${word(at)} (${word(at + 1)}.c:${(at * 37) % 400})`,
        `==4242==    by 0x${(at * 104_729 + 90_000).toString(16)}: main (main.c:${at % 90})`,
        "==4242== ",
      ].join("\n"),
    ),
    shows: ["Invalid write of size 8"],
  },
  "comments that a tool prints, one of them another": {
    lines: times(300, (at) =>
      [
        `;; ->>HEADER<<- opcode: QUERY, status: ${at === 150 ? "SERVFAIL" : "NOERROR"}, id: ${(at * 7919) % 60_000}`,
        `${word(at)}${at}.example.com. 300 IN A 10.0.${at % 9}.${(at * 37) % 255}`,
      ].join("\n"),
    ),
    shows: ["SERVFAIL"],
  },
  "a row without a value, and an id that stands twice": {
    lines: [
      "id,name,email",
      ...times(
        900,
        (at) =>
          `${at === 500 ? 498 : at},${word(at)},${at === 600 ? "" : `${word(at + 2)}${at}@example.com`}`,
      ),
    ],
    shows: [`\n498 ${word(498)}`, `\n498 ${word(500)}`, `\n600 ${word(600)}`],
    kind: "table",
  },
  "a line that is no row of its table, with a word of its own": {
    lines: [
      "State      Recv-Q Send-Q Local              Peer",
      ...times(500, (at) =>
        at % 6 === 0
          ? `${at === 300 ? "CLOSE-WAIT" : "ESTAB"}          0 0   10.0.0.1:${8000 + at}   10.0.0.${at % 255}:443`
          : `ESTAB           0      0 10.0.0.1:${8000 + at}      10.0.0.${at % 255}:443`,
      ),
    ],
    shows: ["CLOSE-WAIT"],
  },
  "a sentence below words that repeat themselves": {
    lines: [
      ...times(
        300,
        (at) =>
          `tests/test_${word(at)}${at}.py ${".".repeat(20)}${at === 100 ? "F" : "."}${".".repeat(10)} [ ${10 + Math.floor(at / 4)}%]`,
      ),
      "1 failed, 9299 passed in 3.2s",
    ],
    shows: ["....F....", "\n1 failed, 9299 passed in 3.2s\n"],
  },
  "a name with a remark among names": {
    lines: [
      "COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME",
      ...times(
        600,
        (at) =>
          `${word(at).padEnd(9)} ${String(100 + at).padStart(3)} root  ${String(at % 99).padStart(3)}u   REG    8,1 ${String((at * 7919) % 99_999).padStart(8)} ${String((at * 31) % 9_999).padStart(4)} /var/lib/${word(at)}/${at === 350 ? "big.log (deleted)" : `${name(at)}${at}`}`,
      ),
    ],
    shows: ["big.log (deleted)"],
    kind: "table",
  },
  "one value seven levels deep in JSON": {
    lines: [
      JSON.stringify(
        Array.from({ length: 100 }, (_, at) => ({
          name: `${name(at)}-${at}`,
          spec: {
            template: {
              spec: {
                containers: [
                  { image: `acme/x:1.${at}`, securityContext: { privileged: at === 51 } },
                ],
              },
            },
          },
        })),
      ),
    ],
    shows: ["true", `${name(51)}-51`],
    kind: "json",
  },
  "YAML whose lines have two words": {
    lines: times(300, (at) =>
      [
        `- name: ${name(at)}-${at}`,
        `  replicas: ${1 + (at % 3)}`,
        `  healthy: ${at !== 150}`,
        `  image: acme/${word(at)}:${at % 9}.0`,
      ].join("\n"),
    ),
    shows: ["healthy=false"],
    kind: "structured",
  },
  "a table with times in a column": {
    lines: [
      "NAME\tNAMESPACE\tREVISION\tUPDATED\tSTATUS\tCHART",
      ...times(
        300,
        (at) =>
          `${name(at)}-${at}\tprod\t${at % 20}\t2026-05-0${1 + (at % 9)} 10:00:00 +0000 UTC\t${at === 150 ? "pending-upgrade" : "deployed"}\t${word(at)}-${at % 9}.0`,
      ),
    ],
    shows: ["pending-upgrade"],
    kind: "table",
  },
};

describe("what a view shows", () => {
  it.each(Object.entries(outputs))("%s", async (_, { lines, shows, kind }) => {
    const result = await headroom.compressText(`${lines.join("\n")}\n`);
    expect(result.text.length).toBeLessThan(lines.join("\n").length * 0.6);
    for (const text of shows) expect(result.text).toContain(text);
    if (kind !== undefined) expect(result.block.kind).toBe(kind);
  });
});
