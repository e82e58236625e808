/** Compresses every request in a process of its own and prints the digests as JSON. Run by `laws.ts`. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { allRequests, digest } from "./requests.ts";

const digests: string[] = [];
for (const { messages } of allRequests(Number(process.argv[2]))) {
  const instance = createHeadroom({ store: memoryStore({ maxBytes: 1024 ** 3 }) });
  digests.push(await digest((await instance.compress(messages)).messages));
}
process.stdout.write(JSON.stringify(digests));
