/**
 * A world in which a click day takes place: built from a scenario, run to its end, and then left
 * without power, so that only what is on the disks can be looked at.
 *
 *     devices ─network─► gates ─ledgers on disks─► registrar ─► register, receipts
 *                             faults ─► everything
 */

import type { ClickDay } from '#protocol/calendar.ts';
import { isoFromUs } from '#protocol/time.ts';
import { type Device, MiniClientDevice } from './device.ts';
import { createDice } from './dice.ts';
import { Evidence } from './evidence.ts';
import { planFaults, type Stage } from './faults.ts';
import { GateHost } from './gate-host.ts';
import { HammerDevice } from './hammer.ts';
import type { Mutant } from './mutant.ts';
import { Network } from './network.ts';
import { createPapers, DAY } from './papers.ts';
import { PortalHost } from './portal-host.ts';
import type { Scenario } from './scenario.ts';
import { createSchedule } from './schedule.ts';
import { createTimeServers } from './time-servers.ts';
import { createTrace } from './trace.ts';
import type { World } from './world-parts.ts';

/** What is left of a world: disks, journals, and what was seen. */
export interface Remains extends Stage {
  readonly clickDays: readonly ClickDay[];
  /** Whether everything came to its end in time. */
  readonly isSettled: boolean;
  readonly digest: string;
}

export interface RunParts {
  /** Gives the host's event loop a turn. */
  readonly breathe: () => Promise<void>;
  readonly mutant?: Mutant | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** After the faults everything must come to its end within this. */
const SETTLING_US_MAX = 300_000_000;
const LOOK_EVERY_US = 250_000;

export async function runScenario(scenario: Scenario, parts: RunParts): Promise<Remains> {
  const schedule = createSchedule(scenario.startsAtUs, parts.breathe);
  const trace = createTrace(schedule.nowUs, parts.onLine);
  const evidence = new Evidence(schedule.nowUs);
  const world: World = {
    ...{ scenario, schedule, trace, evidence, mutant: parts.mutant },
    dice: createDice(scenario.seed),
    papers: createPapers(),
  };
  const day = clickDayOf(scenario);
  const stage = buildStage(world, day);
  stage.layCalendar({});
  start(stage);
  planFaults(stage);
  const isSettled = await untilSettled(stage);
  turnOff(stage);
  return { ...stage, clickDays: [day], isSettled, digest: trace.digest() };
}

function clickDayOf({ opensAtUs, closesAtUs }: Scenario): ClickDay {
  return { id: DAY, opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(closesAtUs) };
}

function buildStage(world: World, day: ClickDay): Stage {
  const { scenario } = world;
  const network = new Network(world);
  const { timeServers: setups, lieOfAllUs } = scenario;
  const timeServers = createTimeServers(world.schedule, setups, lieOfAllUs);
  const gates = scenario.gates.map((setup) => new GateHost({ world, network, timeServers, setup }));
  const devices = scenario.devices.map(
    (setup): Device =>
      setup.kind === 'hammer'
        ? new HammerDevice(world, network, setup)
        : new MiniClientDevice(world, network, setup),
  );
  const laid = world.mutant?.calendar?.(day) ?? day;
  return {
    ...{ world, network, timeServers, gates, devices },
    portal: new PortalHost(world, gates),
    layCalendar: (change) => world.papers.lay([{ ...laid, ...change }]),
  };
}

function start({ world, gates, portal, devices }: Stage): void {
  for (const gate of gates) gate.start();
  portal.start();
  for (const device of devices) world.schedule.at(device.setup.startsAtUs, () => device.start());
}

/** True when everybody has an outcome and everything is registered, before the time is up. */
async function untilSettled(stage: Stage): Promise<boolean> {
  const { schedule, scenario } = stage.world;
  const isTimeUp = () => schedule.nowUs() > scenario.healsAtUs + SETTLING_US_MAX;
  let isSettled = false;
  const look = () => {
    isSettled = stage.devices.every(({ isDone }) => isDone) && stage.portal.isDone();
    if (!isSettled) schedule.at(schedule.nowUs() + LOOK_EVERY_US, look);
  };
  schedule.at(scenario.healsAtUs + LOOK_EVERY_US, look);
  await schedule.run(() => isSettled || isTimeUp());
  return isSettled;
}

/** Only what is on disk is left. */
function turnOff({ gates, portal }: Stage): void {
  for (const gate of gates) gate.cutPower();
  portal.cutPower();
}
