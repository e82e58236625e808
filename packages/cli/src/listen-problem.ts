import { CommandError } from "./command-error.ts";

/** Why a server of ours cannot listen, in words; `undefined` where it is something else. */
export function listenProblem(
  error: unknown,
  { port, host }: { readonly port: number; readonly host: string },
): CommandError | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new CommandError(
      `Port ${port} of ${host} is taken. Choose another with --port; 0 is any that is free.`,
    );
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new CommandError(`${host} is no address of this machine.`);
  if (code === "EACCES" && port < 1024)
    return new CommandError(`Port ${port} needs more rights than this process has.`);
  return undefined;
}
