/** `npm run mutation`: changes the source in one place at a time and looks whether a test notices. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { print } from "../report.ts";
import { main } from "./main.ts";

process.exitCode = await main(process.argv.slice(2), {
  root: fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, ""),
  print,
  save: (markdown) =>
    writeFileSync(new URL("../../results/mutation.md", import.meta.url), `${markdown}\n`),
});
