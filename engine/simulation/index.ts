/**
 * The door of the simulation: a click day with everything that can go wrong, in one process and
 * from one seed, played by the engine's own code. world.ts is the place to begin reading.
 */
export type { Broken } from './check.ts';
export type { Mutant } from './mutant.ts';
export { MUTANTS } from './mutants.ts';
export { catchMutant, judge, type RunOptions, runSeed, type Verdict } from './run.ts';
export { FAULT_KINDS, type Fault, type Scenario, scenarioOf } from './scenario.ts';
export { type Shrunk, shrink } from './shrink.ts';
