/**
 * One seed for all property tests of `npm test`, so that a run can be repeated and a change is judged by what it changed.
 *
 * `pnpm run laws`, and any run with `HEADROOM_LAW_RUNS` of 1,000 and more, looks for new counterexamples: there the seed is a random one, which
 * fast-check prints with each failure.
 */
import fc from "fast-check";

if (Number(process.env.HEADROOM_LAW_RUNS ?? 0) < 1_000) fc.configureGlobal({ seed: 20261128 });
