/** `wrapServer` in a process of its own: COMMAND ARGS of a server as its arguments, SQLite file in ORIGINALS. */
import process from "node:process";
import { createHeadroom } from "@headroom/core";
import { sqliteStore } from "@headroom/sqlite";
import { wrapServer } from "../src/gateway/index.ts";

const [command = "", ...args] = process.argv.slice(2);
const store = sqliteStore({ path: process.env.ORIGINALS ?? ":memory:" });
// Patient: the machine may be busy.
const end = await wrapServer({
  command,
  args,
  headroom: createHeadroom({ store, storeTimeoutMs: 60_000 }),
  deadlineMs: 60_000,
});
process.exit("code" in end ? end.code : 1);
