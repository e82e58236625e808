/** The MCP inspector's command line: a process for each call, over stdio with a new server each time, and over HTTP. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmInstall } from "../npm-install.ts";
import { holds, named, type Peer, type Row } from "../peer.ts";
import { type Ran, runProgram } from "../task/run-program.ts";
import { serveOverHttp, serverCommand } from "./server.ts";

const PACKAGE = "@modelcontextprotocol/inspector";
const LAUNCHER = `node_modules/${PACKAGE}/clients/launcher/build/index.js`;
const TOOLS = ["compress", "read", "retrieve", "share", "shared", "stats"];
const ROWS = JSON.stringify(
  Array.from({ length: 400 }, (_, id) => ({ id, user: `user ${id}`, status: "ok" })),
);

type Ask = (...args: readonly string[]) => Promise<Ran>;

async function rows(ask: Ask): Promise<readonly Row[]> {
  const list = await ask("--method", "tools/list", "--strict");
  const call = async (tool: string, ...args: readonly string[]): Promise<Answer> =>
    answerOf(
      await ask(
        ...["--method", "tools/call", "--tool-name", `headroom_${tool}`],
        ...args.flatMap((arg) => ["--tool-arg", arg]),
      ),
    );
  const names = [...list.stdout.matchAll(/"name": "headroom_(\w+)"/g)].map(([, name]) => name);
  const short = await call("compress", `content=${ROWS}`);
  const hash = String(short.structuredContent?.hash);
  const row = await call("retrieve", `hash=${hash}`, "rows=200");
  const read = await call("read", "path=notes.txt");
  const shared = await call("share", "name=rows", `content=${ROWS}`);
  const listed = await call("shared");
  const stats = await call("stats");
  const original = await ask("--method", "resources/read", "--uri", `headroom://original/${hash}`);
  const templates = await ask("--method", "resources/templates/list");
  const outside = await call("read", "path=/etc/hosts");
  return [
    holds(
      "tools/list --strict: all tools, and no schema that some client cannot take",
      list.code === 0 && names.sort().join() === TOOLS.join(),
      `exit ${list.code}: ${names.join()} ${list.stderr.slice(-300)}`,
    ),
    says("headroom_compress", short, "omitted"),
    says("headroom_retrieve", row, "user 200"),
    says("headroom_read", read, "Milk, eggs."),
    says("headroom_share", shared, "version"),
    says("headroom_shared, by another server over the same store", listed, "rows: version"),
    says("headroom_stats", stats, "tokens"),
    holds("resources/read: the whole original", original.stdout.includes("user 399")),
    holds("resources/templates/list", templates.stdout.includes("headroom://original/{hash}")),
    holds("headroom_read stays inside its root", outside.isError === true),
  ];
}

interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly printed: string;
}

function answerOf({ stdout, stderr }: Ran): Answer {
  try {
    return { ...(JSON.parse(stdout) as object), printed: stdout };
  } catch {
    return { isError: true, printed: stdout + stderr };
  }
}

function says(what: string, { isError, printed }: Answer, words: string): Row {
  const isSaid = isError !== true && printed.includes(words);
  return holds(what, isSaid, printed.slice(0, 300));
}

export const mcpInspector: Peer = {
  name: "mcp-inspector",
  install: (folder) => npmInstall(folder, PACKAGE),
  async run({ folder }) {
    const base = mkdtempSync(join(realpathSync(tmpdir()), "mcp-inspector-"));
    const [cwd, home, store] = ["project", "home", "store"].map((name) => join(base, name)) as [
      string,
      string,
      string,
    ];
    for (const made of [cwd, home]) mkdirSync(made);
    writeFileSync(join(cwd, "notes.txt"), "Milk, eggs.\n");
    const options = ["--store", store, "--root", cwd];
    const { command, args } = serverCommand(...options);
    const inspect = (target: readonly string[]): Ask => {
      return (...more) =>
        runProgram(process.execPath, [join(folder, LAUNCHER), "--cli", ...target, ...more], {
          cwd,
          home,
          env: {},
        });
    };
    const http = await serveOverHttp(...options);
    try {
      return [
        ...named("stdio", await rows(inspect([command, ...args]))),
        ...named("HTTP", await rows(inspect([http.url]))),
      ];
    } finally {
      await http.stop();
      rmSync(base, { recursive: true, force: true });
    }
  },
};
