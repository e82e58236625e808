/** Writes docs/cli.md from the table of commands: `node --conditions=@headroom/source scripts/cli-page.ts`. A test compares both. */
import { writeFileSync } from "node:fs";
import { cliPage } from "../packages/cli/src/commands/cli-page.ts";

writeFileSync(new URL("../docs/cli.md", import.meta.url), cliPage());
