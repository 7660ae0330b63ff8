/**
 * All scenarios of `npm run bench`, in the order in which they are played and stand in RESULTS.md.
 */
import { FAIRNESS } from '#bench/fairness/scenarios.ts';
import { type Scenario, sized } from '#bench/scenario.ts';
import * as decree from '#bench/scenarios/decree.ts';
import * as echo from '#bench/scenarios/echo.ts';
import * as firstSecond from '#bench/scenarios/first-second.ts';
import * as greeting from '#bench/scenarios/greeting.ts';
import * as growth from '#bench/scenarios/growth.ts';
import * as halfLoad from '#bench/scenarios/half-load.ts';
import * as hammer from '#bench/scenarios/hammer.ts';
import * as helpdesk from '#bench/scenarios/helpdesk.ts';
import * as limits from '#bench/scenarios/limits.ts';
import * as loadCurve from '#bench/scenarios/load-curve.ts';
import * as logCost from '#bench/scenarios/log-cost.ts';
import * as miniClient from '#bench/scenarios/mini-client.ts';
import * as miniClientPage from '#bench/scenarios/mini-client-page.ts';
import * as overload from '#bench/scenarios/overload.ts';
import * as peers from '#bench/scenarios/peers-suite.ts';
import * as portalBeside from '#bench/scenarios/portal-beside.ts';
import * as portalLists from '#bench/scenarios/portal-lists.ts';
import * as portalPages from '#bench/scenarios/portal-pages.ts';
import * as portalReads from '#bench/scenarios/portal-reads.ts';
import * as rates from '#bench/scenarios/rates.ts';
import * as receipts from '#bench/scenarios/receipts.ts';
import * as beside from '#bench/scenarios/receipts-beside.ts';
import * as search from '#bench/scenarios/search.ts';
import * as twoGates from '#bench/scenarios/two-gates.ts';

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
    ...{ name: 'two-gates', group: 'speed', title: 'Two gates', method: twoGates.METHOD },
    measure: sized(twoGates.measureTwoGates, { full: twoGates.FULL, quick: twoGates.QUICK }),
  },
  {
    ...{ name: 'log-cost', group: 'speed', title: 'The public log', method: logCost.METHOD },
    measure: sized(logCost.measureLogCost, { full: logCost.FULL, quick: logCost.QUICK }),
  },
  {
    ...{ name: 'limits', group: 'speed', title: 'What the disk allows', method: limits.METHOD },
    measure: sized(limits.measureLimits, { full: limits.FULL, quick: limits.QUICK }),
  },
];

/** What stands beside the gate: the portal, its search and help desk, receipts, the mini-client. */
const PORTAL: readonly Scenario[] = [
  {
    ...{ name: 'portal-reads', group: 'portal', title: 'Reading the portal' },
    method: portalReads.METHOD,
    measure: sized(portalReads.measurePortalReads, {
      ...{ full: portalReads.FULL, quick: portalReads.QUICK },
    }),
  },
  {
    ...{ name: 'search', group: 'portal', title: 'Searching applications', method: search.METHOD },
    measure: sized(search.measureSearch, { full: search.FULL, quick: search.QUICK }),
  },
  {
    ...{ name: 'portal-lists', group: 'portal', title: 'Everybody reads their list' },
    method: portalLists.METHOD,
    measure: sized(portalLists.measureLists, { full: portalLists.FULL, quick: portalLists.QUICK }),
  },
  {
    ...{ name: 'portal-pages', group: 'portal', title: 'Ten thousand open pages' },
    method: portalPages.METHOD,
    measure: sized(portalPages.measurePages, { full: portalPages.FULL, quick: portalPages.QUICK }),
  },
  {
    ...{ name: 'portal-beside', group: 'portal', title: 'The gate beside the portal' },
    method: portalBeside.METHOD,
    measure: sized(portalBeside.measurePortalBeside, {
      ...{ full: portalBeside.FULL, quick: portalBeside.QUICK },
    }),
  },
  {
    ...{ name: 'helpdesk', group: 'portal', title: 'The help desk', method: helpdesk.METHOD },
    measure: sized(helpdesk.measureHelpdesk, { full: helpdesk.FULL, quick: helpdesk.QUICK }),
  },
  {
    ...{ name: 'receipts', group: 'portal', title: 'Receipts', method: receipts.METHOD },
    measure: sized(receipts.measureReceipts, { full: receipts.FULL, quick: receipts.QUICK }),
  },
  {
    ...{ name: 'receipts-decree', group: 'portal', title: 'Receipts of the whole decree' },
    method: receipts.DECREE_METHOD,
    measure: sized(receipts.measureDecreeReceipts, {
      ...{ full: receipts.DECREE_FULL, quick: receipts.DECREE_QUICK },
    }),
  },
  {
    ...{
      name: 'beside',
      group: 'portal',
      title: 'The gate beside receipts',
      method: beside.METHOD,
    },
    measure: sized(beside.measureBeside, { full: beside.FULL, quick: beside.QUICK }),
  },
  {
    ...{ name: 'mini-client', group: 'portal', title: 'The mini-client' },
    method: miniClient.METHOD,
    measure: sized(miniClient.measureMiniClient, {
      ...{ full: miniClient.FULL, quick: miniClient.QUICK },
    }),
  },
  {
    ...{ name: 'mini-client-page', group: 'portal', title: 'A day of the mini-client’s page' },
    method: miniClientPage.METHOD,
    measure: sized(miniClientPage.measurePage, {
      ...{ full: miniClientPage.FULL, quick: miniClientPage.QUICK },
    }),
  },
];

const SHAPES: readonly Scenario[] = [
  {
    ...{ name: 'load-curve', group: 'shapes', title: 'Throughput against latency' },
    method: loadCurve.METHOD,
    measure: sized(loadCurve.measureLoadCurve, { full: loadCurve.FULL, quick: loadCurve.QUICK }),
  },
  {
    ...{ name: 'rates', group: 'shapes', title: 'Latency at several rates' },
    method: rates.METHOD,
    measure: sized(rates.measureRates, { full: rates.FULL, quick: rates.QUICK }),
  },
  {
    ...{ name: 'first-second', group: 'shapes', title: 'The first second' },
    method: firstSecond.METHOD,
    measure: sized(firstSecond.measureFirstSecond, {
      ...{ full: firstSecond.FULL, quick: firstSecond.QUICK },
    }),
  },
];

const LARGE: readonly Scenario[] = [
  {
    ...{ name: 'greeting', group: 'large', title: 'Before the opening', method: greeting.METHOD },
    measure: sized(greeting.measureGreeting, { full: greeting.FULL, quick: greeting.QUICK }),
  },
  {
    ...{ name: 'half-load', group: 'large', title: 'Half load', method: halfLoad.METHOD },
    measure: sized(halfLoad.measureHalfLoad, { full: halfLoad.FULL, quick: halfLoad.QUICK }),
  },
  {
    ...{ name: 'hammer', group: 'large', title: 'Hammered at the opening', method: hammer.METHOD },
    measure: sized(hammer.measureHammer, { full: hammer.FULL, quick: hammer.QUICK }),
  },
  {
    ...{ name: 'decree', group: 'large', title: 'The decree of 2010', method: decree.METHOD },
    measure: sized(decree.measureDecree, { full: decree.FULL, quick: decree.QUICK }),
  },
  {
    ...{ name: 'overload', group: 'large', title: 'Ten times too much', method: overload.METHOD },
    measure: sized(overload.measureOverload, { full: overload.FULL, quick: overload.QUICK }),
  },
];

/** Left out of `--quick` unless they are asked for. */
export const NOT_DAILY = 'portal';

export const SCENARIOS: readonly Scenario[] = [
  ...SPEED,
  ...PORTAL,
  ...SHAPES,
  ...LARGE,
  ...FAIRNESS,
];
