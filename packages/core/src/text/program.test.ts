import { describe, expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { memoryStore } from "../index.ts";
import { isProgram } from "./program.ts";

const times = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

/** Prose of comments, so that programs are mostly that. */
const words = (at: number): string =>
  `It is used by the ${at}th caller, which may not be here when the answer arrives, and it says so.`;

const PYTHON = `"""Rates of taxes.\n\n${times(12, words)}\n"""\nimport json\nfrom decimal import Decimal\n\n${times(
  8,
  (at) =>
    `def rate_${at}(country):\n    """${words(at)}\n\n    ${words(at)}\n    """\n    if country is None:\n        raise ValueError("country")\n    return Decimal(RATES[country]) * ${at}\n`,
)}`;

const PROGRAMS: readonly [string, string][] = [
  ["Python whose texts say what it does", PYTHON],
  [
    "TypeScript below a long comment",
    `import { a } from "./a.ts";\n/**\n${times(30, (at) => ` * ${words(at)}`)}\n */\nexport function all(x: number): number {\n  const y = a(x);\n  return y + 1;\n}`,
  ],
  [
    "a table of constants below its imports",
    `package codes\n\nimport "fmt"\n\nconst (\n${times(40, (at) => `\tCode${at} = ${at * 7}`)}\n)\n\nfunc String(i int) string {\n\tif i < 0 {\n\t\treturn fmt.Sprint(i)\n\t}\n\treturn names[i]\n}`,
  ],
  [
    "a header of C",
    `#ifndef SHAPES_H\n#define SHAPES_H\n/*\n${times(20, words)}\n*/\n${times(20, (at) => `#define SHAPE_${at} ${at}`)}\ntypedef struct shape {\n  int kind;\n  int sides;\n} shape;\nextern int area(shape *s);\nint sides(shape *s);\n#endif`,
  ],
  [
    "Perl whose manual is longer than it",
    `package Queue;\nuse strict;\n=head1 NAME\n\n${times(30, words)}\n\n=cut\nsub new {\n    my ($class) = @_;\n    my $self = { items => [] };\n    return bless($self, $class);\n}\nsub size {\n    my ($self) = @_;\n    return scalar(@{$self->{items}});\n}\n1;`,
  ],
  [
    "a style sheet",
    times(12, (at) => `.box-${at} {\n  margin: 0 ${at}px;\n  --accent: hsl(${at}, 10%, 50%);\n}\n`),
  ],
  [
    "a program without line breaks",
    times(
      3,
      (at) =>
        `!function(e,t){${times(60, (n) => `var n${n}=t[${n}],o=e(n${n},${at});if(!o)return void 0;`).replaceAll("\n", "")}}();`,
    ),
  ],
  [
    "a component of Svelte",
    `<script>\n  import Row from "./row.svelte";\n  export let rows = [];\n</script>\n\n${times(
      40,
      (at) =>
        `{#if rows[${at}]}\n  <div class="row" on:click={() => go(${at})}>{rows[${at}].name}</div>\n{/if}`,
    )}`,
  ],
  [
    "a component of Vue",
    `<template>\n${times(40, (at) => `  <p v-if="rows[${at}]">{{ rows[${at}].name }}</p>`)}\n</template>\n\n<script setup>\nconst rows = [];\n</script>`,
  ],
  [
    "functions of a database",
    times(
      8,
      (at) =>
        `CREATE FUNCTION area_${at}(integer, text)\nRETURNS integer\nAS 'MODULE_PATHNAME', 'area_${at}'\nLANGUAGE C STRICT IMMUTABLE;\n`,
    ),
  ],
  [
    "a script of a shell",
    times(
      12,
      (at) =>
        `# ${words(at)}\nif [ -z "$TARGET_${at}" ]; then\n  echo "no target ${at}" >&2\n  exit ${at}\nfi\ncase "$1" in\n  --dry-run) dry=1 ;;\n  *) mode=$1; shift ;;\nesac\n`,
    ),
  ],
  [
    "a script whose first line says what runs it",
    `#!/bin/sh\n${times(40, (at) => `mount -o ro /dev/sd${at} /srv/disk-${at} || true`)}`,
  ],
  [
    "a Makefile",
    times(
      12,
      (at) =>
        `OBJ_${at} := $(patsubst %.c,%.o,$(SRC_${at}))\nlib${at}.a: $(OBJ_${at})\n\t$(AR) rcs $@ $^\nifeq ($(DEBUG),${at})\n\tstrip $@\nendif`,
    ),
  ],
  [
    "a module of CMake below its manual",
    `#[=======[.rst:\nFindIce\n-------\n${times(30, words)}\n#]=======]\n${times(
      4,
      (at) =>
        `if(Ice_${at}_FOUND)\n  set(ice_${at}\n      \${PARTS_${at}})\n  list(APPEND all \${ice_${at}})\nendif()`,
    )}`,
  ],
  [
    "Lisp",
    times(
      4,
      (at) =>
        `(defun rate-${at} (country &optional year)\n  "${words(at)}"\n  (let ((known (gethash country rates)))\n    (when (> known ${at})\n      (setq total (+ total known)))))\n`,
    ),
  ],
  [
    "Haskell",
    `module Data.Rates where\n\n${times(
      4,
      (at) =>
        `-- ${words(at)}\nrate${at} :: Country -> Int -> Maybe Rate\nrate${at} country n\n  | n < ${at}    = Nothing\n  | otherwise = do\n      known <- lookup country rates\n      return (scale n known)\n`,
    )}`,
  ],
  [
    "OCaml",
    times(
      4,
      (at) =>
        `(* ${words(at)} *)\nlet rate_${at} country year =\n  match find country with\n  | Some r -> begin\n      r * ${at}\n    end\n  | None -> 0\n`,
    ),
  ],
  [
    "Fortran",
    times(
      4,
      (at) =>
        `subroutine solve_${at}(a, n)\n  integer, intent(in) :: n\n  real :: a(n)\n  if (n > ${at}) then\n    call scale_${at}(a, n)\n  end if\nend subroutine solve_${at}\n`,
    ),
  ],
  [
    "BASIC",
    times(
      4,
      (at) =>
        `Public Function Rate${at}(ByVal country As String) As Integer\n  Dim known As Integer\n  If country Is Nothing Then\n    Return ${at}\n  End If\n  Return known\nEnd Function\n`,
    ),
  ],
  [
    "a script of an editor",
    times(
      4,
      (at) =>
        `" ${words(at)}\nfunction! s:Rate${at}(country)\n  let l:known = get(g:rates, a:country, ${at})\n  if l:known == 0\n    call add(s:missing, a:country)\n  endif\n  return l:known\nendfunction\n`,
    ),
  ],
];

const OTHERS: readonly [string, string][] = [
  [
    "words around JSON on one line",
    `Query finished.\nResult: ${JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, city: "Lyon" })))}\nWarning: late`,
  ],
  [
    "numbers in brackets on one line",
    `Points: [${Array.from({ length: 400 }, (_, at) => `[${at},${at * 2}]`).join(",")}]`,
  ],
  [
    "a log with stack traces",
    times(
      20,
      (at) =>
        `2026-03-04 05:06:${at} ERROR order ${at} failed\n\tat shop.Orders.place(Orders.java:${at})\n\tat shop.Main.run(Main.java:12)`,
    ),
  ],
  [
    "JSON on many lines",
    JSON.stringify({ rows: Array.from({ length: 30 }, (_, id) => ({ id })) }, null, 2),
  ],
  [
    "settings of a cluster",
    times(
      20,
      (at) => `- name: web-${at}\n  image: shop/web:${at}\n  ports:\n    - containerPort: 80${at}`,
    ),
  ],
  [
    "a document that quotes code",
    `# Streams\n\n${times(20, words)}\n\n\`\`\`js\n${times(30, (at) => `const a${at} = require("a${at}");`)}\n\`\`\`\n`,
  ],
  [
    "a diff of code",
    `diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,9 +1,9 @@\n${times(30, (at) => ` const a${at} = f(${at});`)}`,
  ],
  ["hits in code", times(30, (at) => `src/a.ts:${at}:  const a${at} = f(${at});`)],
  [
    "bars of progress that were drawn over each other",
    times(12, (row) =>
      times(30, (at) => `layer ${row}: [${"=".repeat(at)}>${" ".repeat(30 - at)}] ${at}/30`)
        .split("\n")
        .join("\r"),
    ),
  ],
  [
    "a list of processes",
    times(30, (at) => `root  ${at}  0.0  0.1  /usr/bin/node /srv/shop/main.js --port ${at}`),
  ],
  ["system calls", times(30, (at) => `openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY) = ${at}`)],
  [
    "rows that a database printed as statements",
    times(60, (at) => `INSERT INTO orders VALUES (${at}, 'paid', ${at * 3});`),
  ],
  [
    "settings of a server",
    times(20, (at) => `server {\n  listen ${8000 + at};\n  server_name shop-${at}.example;\n}`),
  ],
  [
    "the variables of a shell",
    times(60, (at) => `VAR_${at}='/srv/shop/${at}'\ndeclare -x OTHER_${at}="${at * 7}"`),
  ],
  [
    "a shell that says what it runs",
    times(
      30,
      (at) => `+ for i in $(seq 30)\n+ x=${at}\n+ '[' ${at} -gt 10 ']'\n+ echo ${at}\n${at}`,
    ),
  ],
  [
    "headers of answers",
    times(
      40,
      (at) =>
        `HTTP/1.1 200 OK\ncontent-type: text/html; charset=utf-8\nx-request-id: r-${at * 7919}\ncache-control: max-age=${at}\n`,
    ),
  ],
  [
    "entries of a directory",
    times(
      40,
      (at) =>
        `dn: cn=user${at},ou=people,dc=shop\nobjectClass: person\ncn: user${at}\nuidNumber: ${at}\n`,
    ),
  ],
  [
    "a debugger",
    times(
      30,
      (at) =>
        `#${at}  0x00007ffff7a${1000 + at} in serve (req=0x5555, n=${at}) at src/serve.c:${at}\n#${at}  0x00007ffff7b${1000 + at} in main () at src/main.c:9`,
    ),
  ],
  [
    "a session of an interpreter",
    times(30, (at) => `>>> rate("AT", ${at})\nDecimal('0.${at}')\n>>> len(rates)\n${at}`),
  ],
  [
    "failed tests that quote code",
    times(
      20,
      (at) =>
        `FAIL test/price.test.js > price ${at}\nAssertionError: expected ${at} to be ${at + 1}\n     ${at}|   const p = price(${at});\n     ${at}|   expect(p).toBe(${at + 1});\n       |             ^`,
    ),
  ],
  [
    "sections of settings",
    times(
      30,
      (at) => `[server-${at}]\nhost = shop-${at}.example\nport = ${at}\npath = /srv/${at}\n`,
    ),
  ],
  [
    "what a compiler says of code",
    times(
      20,
      (at) =>
        `src/a.c:${at}:5: error: expected ';' before 'return'\n  ${at} |   return f(x)\n      |            ^`,
    ),
  ],
];

describe("whether a text is source code", () => {
  it.each(PROGRAMS)("%s is", (_, text) => expect(isProgram(text)).toBe(true));
  it.each(OTHERS)("%s: no", (_, text) => expect(isProgram(text)).toBe(false));
});

describe("source code in a request", () => {
  it.each(PROGRAMS)("%s stays as it is", async (_, program) => {
    const text = `${program}\n`.repeat(1 + Math.ceil(12_000 / program.length));
    const headroom = createHeadroom({ store: memoryStore() });
    const { block, text: seen } = await headroom.compressText(text);
    expect(seen).toBe(text);
    expect(block.reason).toMatch(/^source code is left as it is/);
  });
});

/** A program that no rule knows. */
const COBOL = times(
  300,
  (at) => `       MOVE RATE-${at} TO TOTAL-${at}.\n       DISPLAY "RATE ${at}" TOTAL-${at}.`,
);

describe("a file that its name says is source code", () => {
  const read = (name: string, input: object, content: string): unknown[] => [
    { role: "user", content: "What are the rates?" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name, input }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content }] },
  ];
  const outcome = async (messages: unknown[], mode?: "aggressive"): Promise<string | undefined> => {
    const headroom = createHeadroom({ store: memoryStore(), ...(mode ? { mode } : {}) });
    const { blocks } = await headroom.compress(messages);
    return blocks.at(-1)?.reason;
  };

  it("stays as it is, however it was read", async () => {
    expect(isProgram(COBOL)).toBe(false);
    for (const mode of [undefined, "aggressive"] as const) {
      const left = /^source code is left as it is/;
      expect(await outcome(read("Read", { file_path: "a.cob" }, COBOL), mode)).toMatch(left);
      expect(await outcome(read("Bash", { command: "cat a.cob" }, COBOL), mode)).toMatch(left);
    }
  });

  it("loses the numbers that a tool put before its lines, and nothing else", async () => {
    const lines = COBOL.split("\n").map((line, at) => `${String(at + 1).padStart(6)}→${line}`);
    const messages = read(
      "Read",
      { file_path: "a.cob" },
      `${lines.join("\n")}\n\n<system-reminder>\nBe careful.\n</system-reminder>`,
    );
    const { blocks } = await createHeadroom({ store: memoryStore() }).compress(messages);
    expect([blocks.at(-1)?.kind, blocks.at(-1)?.lossless]).toEqual(["read", true]);
  });

  it("is shortened where another tool printed it", async () => {
    expect(await outcome(read("Bash", { command: "make rates" }, COBOL))).toMatch(/^shortened/);
    expect(await outcome(read("Read", { file_path: "a.log" }, COBOL))).toMatch(/^shortened/);
  });
});
