/** A server over stdio for tests: what `headroom mcp serve` does, without the command line. `argv`: store, root (or ""), noise. */
import process from "node:process";
import { sqliteLedger, sqliteStore } from "@headroom/sqlite";
import { createHeadroomMcp } from "../src/index.ts";

const [folder = "", root = "", noise = ""] = process.argv.slice(2);
const mcp = createHeadroomMcp({
  store: sqliteStore({ path: `${folder}/originals.db` }),
  ledger: sqliteLedger({ path: `${folder}/shared.db` }),
  ...(root === "" ? {} : { roots: [root] }),
});
const server = mcp.serveStdio();
if (noise !== "") {
  const print = (): void => {
    // biome-ignore lint/suspicious/noConsole: what a dependency does that prints
    console.log("a dependency says hello");
    process.stdout.write("and goes on {\n");
  };
  print();
  setInterval(print, 1).unref();
}
await server.ended;
await mcp.close();
