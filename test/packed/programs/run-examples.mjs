/** Runs the `example` of each module named, and prints as JSON what it logged. */
import { format } from "node:util";

const { log } = console;
const lines = {};
for (const path of process.argv.slice(2)) {
  const logged = [];
  console.log = (...values) => logged.push(...format(...values).split("\n"));
  const { example } = await import(path);
  await example();
  lines[path] = logged;
}
console.log = log;
process.stdout.write(JSON.stringify(lines), () => process.exit(0));
