/** Generated tests draw the same input for every mutant, so that a run can be repeated. */
import fc from "fast-check";

fc.configureGlobal({ seed: 20_261_128 });
