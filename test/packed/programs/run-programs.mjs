/** Runs the programs named, one after the other in this process, and prints as JSON what went wrong in which. */
const failures = {};
for (const name of process.argv.slice(2)) {
  try {
    await import(`./${name}.mjs`);
  } catch (error) {
    failures[name] = error instanceof Error ? error.stack : String(error);
  }
}
process.stdout.write(JSON.stringify(failures), () => process.exit(0));
