/**
 * The parts of the repository that get a score of their own: their sources, and the tests that have to notice a change,
 * nearest first. Left out: `cli`, `conformance` and `worker`, whose tests run programs from `dist` or test the tests.
 */
import { globSync } from "node:fs";
import { sep } from "node:path";

/** Sources and tests are patterns from the root of the repository. */
export interface Room {
  readonly name: string;
  readonly sources: readonly string[];
  readonly without?: readonly string[];
  readonly stages: readonly StageOf[];
}

interface StageOf {
  readonly tests: readonly string[];
  /** A module graph of its own for each test file: slower, and what tests with servers and frameworks need. */
  readonly isolate: boolean;
}

const CORE = "packages/core/src";
const KINDS = `${CORE}/compressors`;
const CONFORMANCE = "packages/conformance/test/*.test.ts";
const COMPRESSOR_LAWS = "packages/conformance/test/builtin.compressor.test.ts";
/** Without `hostile`, which takes a minute by itself. */
const LAWS = "test/laws/!(hostile).test.ts";

const ALL_OF_CORE: StageOf = together(`${CORE}/**/*.test.ts`);

export const ROOMS: readonly Room[] = [
  {
    name: "pipeline",
    sources: [
      `${CORE}/*.ts`,
      `${CORE}/{forms,query,text,kit,notation}/**/*.ts`,
      `${KINDS}/index.ts`,
    ],
    stages: [
      together(`${CORE}/*.test.ts`, `${CORE}/{forms,query,text,kit,notation}/**/*.test.ts`),
      ALL_OF_CORE,
      together(CONFORMANCE, LAWS),
    ],
  },
  {
    name: "ccr",
    sources: [`${CORE}/{ccr,shared-context}/**/*.ts`],
    stages: [beside(`${CORE}/{ccr,shared-context}`), ALL_OF_CORE, together(CONFORMANCE, LAWS)],
  },
  {
    name: "json",
    sources: [`${CORE}/json/**/*.ts`, `${KINDS}/json/**/*.ts`],
    without: [`${KINDS}/json/select/**`],
    stages: [beside(`${KINDS}/json`, `${CORE}/json`), ALL_OF_CORE, together(COMPRESSOR_LAWS, LAWS)],
  },
  {
    name: "json-select",
    sources: [`${KINDS}/json/select/**/*.ts`],
    stages: [beside(`${KINDS}/json`), ALL_OF_CORE, together(COMPRESSOR_LAWS, LAWS)],
  },
  {
    name: "log",
    sources: [`${KINDS}/log/**/*.ts`],
    stages: [beside(`${KINDS}/log`), ALL_OF_CORE, together(COMPRESSOR_LAWS, LAWS)],
  },
  {
    name: "lines",
    sources: [`${KINDS}/{search,diff,tree,table,read,shared}/**/*.ts`],
    stages: [
      beside(`${KINDS}/{search,diff,tree,table,read,shared}`),
      ALL_OF_CORE,
      together(COMPRESSOR_LAWS, LAWS),
    ],
  },
  {
    name: "messages-wire",
    sources: [`${CORE}/{inline,messages,wire}/**/*.ts`, "packages/{openai,anthropic}/src/**/*.ts"],
    stages: [
      beside(`${CORE}/{inline,messages,wire}`),
      apart("packages/{openai,anthropic}/test/*.test.ts"),
      together(CONFORMANCE),
      ALL_OF_CORE,
    ],
  },
  {
    name: "tokens",
    sources: [`${CORE}/tokens/**/*.ts`],
    stages: [
      beside(`${CORE}/tokens`),
      together("packages/conformance/test/builtin.token-counter.test.ts"),
      ALL_OF_CORE,
    ],
  },
  {
    name: "integrations",
    sources: ["packages/{langchain,ai-sdk}/src/**/*.ts"],
    stages: [apart("packages/{langchain,ai-sdk}/test/*.test.ts")],
  },
  {
    name: "stores",
    sources: ["packages/{redis,sqlite}/src/**/*.ts"],
    stages: [
      beside("packages/{redis,sqlite}/src"),
      together(CONFORMANCE),
      apart("packages/{redis,sqlite}/test/*.test.ts"),
    ],
  },
];

export function sourcesOf({ sources, without = [] }: Room, root: string): readonly string[] {
  return files(sources, ["**/*.test.ts", ...without], root);
}

/** Tests on the oldest versions run those of their package again, from `dist`. */
export function testsOf({ tests }: StageOf, root: string): readonly string[] {
  return files(tests, ["**/oldest.test.ts", "**/oldest-node.test.ts"], root);
}

function beside(...folders: string[]): StageOf {
  return together(...folders.map((folder) => `${folder}/**/*.test.ts`));
}

function together(...tests: string[]): StageOf {
  return { tests, isolate: false };
}

function apart(...tests: string[]): StageOf {
  return { tests, isolate: true };
}

function files(
  patterns: readonly string[],
  without: readonly string[],
  root: string,
): readonly string[] {
  const exclude = ["**/node_modules/**", "**/fixtures/**", ...without];
  const found = globSync([...patterns], { cwd: root, exclude });
  return [...new Set(found.map((file) => file.split(sep).join("/")))].sort();
}
