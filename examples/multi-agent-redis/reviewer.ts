/**
 * The third agent, in a process of its own. It has never seen the log: it reads what the team shares, and gets the row it
 * needs out of what the researcher stored.
 */
import process from "node:process";
import { openDesk } from "./team.ts";

const [url = "", session = "", row = ""] = process.argv.slice(2);
const desk = await openDesk(url, session);
const handed = await desk.handOver("reviewer");
const hash = /# server\.log[^\n]*\n\[\[hr:([a-z]{22})/.exec(handed.text)?.[1] ?? "";
const verdict = await desk.work(
  `Review the patch. Check it against row ${row} of the log.\n\n${handed.text}`,
  [],
  [
    () => ({ tool: "headroom_retrieve", args: { hash, rows: row } }),
    (read) => `Approved, checked against: ${read.slice(read.lastIndexOf("[rows"))}`,
  ],
);
process.send?.({ ...handed, verdict });
desk.close();
