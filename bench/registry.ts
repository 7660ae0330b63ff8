/**
 * All scenarios of `npm run bench`, in the order in which they are played and stand in RESULTS.md.
 */
import { FAIRNESS } from '#bench/fairness/scenarios.ts';
import { type Scenario, sized } from '#bench/scenario.ts';
import * as echo from '#bench/scenarios/echo.ts';
import * as growth from '#bench/scenarios/growth.ts';
import * as limits from '#bench/scenarios/limits.ts';
import * as peers from '#bench/scenarios/peers-suite.ts';

const SPEED: readonly Scenario[] = [
  {
    ...{ name: 'echo', group: 'speed', title: 'Beside a bare echo', method: echo.METHOD },
    measure: sized(echo.measureEcho, { full: echo.FULL, quick: echo.QUICK }),
  },
  {
    ...{ name: 'peers', group: 'speed', title: 'Beside its peers', method: peers.METHOD },
    measure: sized(peers.measurePeers, { full: peers.FULL, quick: peers.QUICK }),
  },
  {
    ...{ name: 'growth', group: 'speed', title: 'A ledger that grows', method: growth.METHOD },
    measure: sized(growth.measureGrowth, { full: growth.FULL, quick: growth.QUICK }),
  },
  {
    ...{ name: 'limits', group: 'speed', title: 'What the disk allows', method: limits.METHOD },
    measure: sized(limits.measureLimits, { full: limits.FULL, quick: limits.QUICK }),
  },
];

export const SCENARIOS: readonly Scenario[] = [...SPEED, ...FAIRNESS];
