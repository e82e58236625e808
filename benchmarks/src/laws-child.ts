/** Compresses every request in a process of its own and prints the digests as JSON. Run by `laws.ts`. */
import { corpora } from "./corpus.ts";
import { allRequests, digest } from "./requests.ts";
import { sabotaged } from "./sabotage/list.ts";
import { smallCorpora } from "./sabotage/small-corpora.ts";
import { library } from "./subject.ts";

const [maxLength, data, sabotage = ""] = process.argv.slice(2);
const subject = sabotage === "" ? library : sabotaged(sabotage);
const digests: string[] = [];
for (const { messages } of allRequests(
  data === "small" ? smallCorpora : corpora,
  Number(maxLength),
)) {
  const instance = subject.make({ store: subject.store() });
  digests.push(await digest((await instance.compress(messages)).messages));
}
process.stdout.write(JSON.stringify(digests));
