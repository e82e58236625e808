/** The parts of `npm run bench`, in the order in which they run. */
import { ciLogs } from "./ci-logs.ts";
import { documents } from "./documents.ts";
import { estimate } from "./estimate.ts";
import { growth } from "./growth.ts";
import { history } from "./history.ts";
import { hostile } from "./hostile.ts";
import { laws } from "./laws.ts";
import { reference } from "./reference.ts";
import type { Report } from "./report.ts";
import { savings } from "./savings.ts";
import { sessions } from "./sessions.ts";
import { speed } from "./speed.ts";
import { storeFailure } from "./store-failure.ts";
import type { Bench } from "./subject.ts";
import type { BenchName } from "./targets.ts";
import { trajectories } from "./trajectories.ts";

type Concern = (bench: Bench) => Promise<Report> | Report;

export const CONCERNS = {
  savings,
  "ci-logs": ciLogs,
  reference,
  sessions,
  history,
  trajectories,
  documents,
  laws,
  "store-failure": storeFailure,
  hostile,
  speed,
  growth,
  estimate,
} as const satisfies Partial<Record<BenchName, Concern>>;

export type ConcernName = keyof typeof CONCERNS;

export const CONCERN_NAMES: readonly ConcernName[] = Object.keys(CONCERNS) as ConcernName[];
