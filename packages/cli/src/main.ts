#!/usr/bin/env node
/** The `headroom` executable: gives the command line its streams and takes the exit code. */
import process from "node:process";
import { run } from "./run.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // The reader has seen enough (`headroom … | head`): nobody is left to write to.
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), process);
