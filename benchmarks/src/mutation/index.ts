/** `npm run mutation`: changes the source in one place at a time and looks whether a test notices. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { print } from "../report.ts";
import { main } from "./main.ts";
import { NotGreenError } from "./run-mutants.ts";

const RESULTS = new URL("../../results/mutation/", import.meta.url);

const done = main(process.argv.slice(2), {
  root: fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, ""),
  print,
  save: (name, markdown) => {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(new URL(`${name}.md`, RESULTS), `${markdown}\n`);
  },
});
process.exitCode = await done.catch((error: unknown) => {
  if (!(error instanceof NotGreenError)) throw error;
  print(error.message);
  return 1;
});
