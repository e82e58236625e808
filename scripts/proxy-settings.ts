/** Writes the table of settings of `headroom proxy` into docs/proxy.md. A test says when that is to be done. */
import { readFileSync, writeFileSync } from "node:fs";
import { settingsTable } from "../packages/cli/src/proxy/settings-text.ts";

const file = new URL("../docs/proxy.md", import.meta.url);
const text = readFileSync(file, "utf8");
const [before, rest = ""] = text.split("<!-- settings -->\n\n");
const [, after] = rest.split("\n<!-- /settings -->");
writeFileSync(file, `${before}<!-- settings -->\n\n${settingsTable()}\n<!-- /settings -->${after}`);
