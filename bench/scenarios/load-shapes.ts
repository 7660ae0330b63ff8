/**
 * The load shapes of the issue, one after the other: what each is called and how it is measured, at
 * full size or as a small rehearsal whose figures mean nothing but its correctness.
 */
import type { Figure } from '#bench/figures.ts';
import * as decree from '#bench/scenarios/decree.ts';
import * as greeting from '#bench/scenarios/greeting.ts';
import * as halfLoad from '#bench/scenarios/half-load.ts';
import * as hammer from '#bench/scenarios/hammer.ts';
import type { ScenarioSizes } from '#bench/scenarios/load-stage.ts';
import * as overload from '#bench/scenarios/overload.ts';

export interface LoadShape {
  readonly name: string;
  /** `runs` replaces the number of runs of the size, `directory` is the ledger's. Rejects with `NotDone` where it cannot be. */
  measure(options: {
    readonly quick: boolean;
    readonly runs?: number;
    readonly directory?: string;
    readonly say: (text: string) => void;
  }): Promise<Figure[]>;
}

function shape<S extends ScenarioSizes>(
  name: string,
  measure: (sizes: S, say: (text: string) => void) => Promise<Figure[]>,
  { FULL, QUICK }: { readonly FULL: S; readonly QUICK: S },
): LoadShape {
  return {
    name,
    measure: ({ quick, runs, directory, say }) => {
      const sizes = quick ? QUICK : FULL;
      return measure({ ...sizes, directory, runs: runs ?? sizes.runs }, say);
    },
  };
}

export const LOAD_SHAPES: readonly LoadShape[] = [
  shape('greeting', greeting.measureGreeting, greeting),
  shape('half load', halfLoad.measureHalfLoad, halfLoad),
  shape('hammer', hammer.measureHammer, hammer),
  shape('decree', decree.measureDecree, decree),
  shape('overload', overload.measureOverload, overload),
];
