/** A client for tests of what is sent, in which order, and what happens when one command fails. It holds values in memory. */
import type { RedisClient } from "../src/client.ts";

export interface RecordingClient {
  readonly client: RedisClient;
  readonly values: Map<string, Buffer>;
  /** Lives in milliseconds: no time goes by. */
  readonly lives: Map<string, number>;
  /** The commands so far, without values. */
  readonly sent: string[];
  /** Called before a command is carried out; what it throws is what the command rejects with. */
  before: (command: string, count: number) => void;
}

export function recordingClient(): RecordingClient {
  const values = new Map<string, Buffer>();
  const lives = new Map<string, number>();
  const sent: string[] = [];
  const command = async <Answer>(
    words: readonly unknown[],
    run: () => Answer | Promise<Answer>,
  ): Promise<Answer> => {
    const text = words.join(" ");
    sent.push(text);
    recording.before(text, sent.length);
    return run();
  };
  const client = {
    set: (key: string, value: Buffer, ...words: (string | number)[]) =>
      command(["set", key, ...words], () => {
        if (words.includes("NX") && values.has(key)) return null;
        values.set(key, value);
        if (words[0] === "PX") lives.set(key, Number(words[1]));
        return "OK";
      }),
    getrangeBuffer: (key: string, start: number, end: number) =>
      command(["getrange", key, start, end], () =>
        (values.get(key) ?? Buffer.alloc(0)).subarray(start, end + 1),
      ),
    pexpire: (key: string, milliseconds: number, when: "GT" | "LT" | "NX") =>
      command(["pexpire", key, milliseconds, when], () => {
        const life = lives.get(key) ?? Number.POSITIVE_INFINITY;
        const applies = {
          GT: milliseconds > life,
          LT: milliseconds < life,
          NX: !lives.has(key),
        }[when];
        if (!values.has(key) || !applies) return 0;
        lives.set(key, milliseconds);
        return 1;
      }),
    pttl: (key: string) =>
      command(["pttl", key], () => (values.has(key) ? (lives.get(key) ?? -1) : -2)),
    unlink: (key: string) =>
      command(["unlink", key], () => {
        lives.delete(key);
        return values.delete(key) ? 1 : 0;
      }),
  };
  const recording: RecordingClient = {
    client: client as unknown as RedisClient,
    values,
    lives,
    sent,
    before: () => undefined,
  };
  return recording;
}
