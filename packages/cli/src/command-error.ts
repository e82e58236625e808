/** Something the person at the keyboard can put right. Printed as one line, exit code 2. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
