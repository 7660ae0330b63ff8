/** What goes wrong, done to a world at its instant. */
import type { Device } from './device.ts';
import type { SimulatedDisk, SyncFault } from './disk.ts';
import type { GateHost } from './gate-host.ts';
import type { Network } from './network.ts';
import type { PortalHost } from './portal-host.ts';
import type { SimulatedProcess } from './process.ts';
import type { Fault, FaultKind } from './scenario.ts';
import type { TimeServers } from './time-servers.ts';
import type { World } from './world-parts.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** All that faults can reach. */
export interface Stage {
  readonly world: World;
  readonly network: Network;
  readonly timeServers: TimeServers;
  readonly gates: readonly GateHost[];
  readonly portal: PortalHost;
  readonly devices: readonly Device[];
  /** Lays the calendar for the gates. */
  layCalendar(change: { readonly suspended?: true }): void;
}

/** Plans every fault of the scenario, and the end of all of them. */
export function planFaults(stage: Stage): void {
  const { schedule, scenario, trace } = stage.world;
  for (const fault of scenario.faults) {
    schedule.at(fault.atUs, () => {
      trace.note(fault.target, `fault ${fault.kind} ${fault.us} ${fault.count}`);
      happen[fault.kind](hit(stage, fault));
    });
  }
  schedule.at(scenario.healsAtUs, () => heal(stage));
}

/** A fault at its instant, and what it falls on; what it does not name is not there. */
interface Hit {
  readonly stage: Stage;
  readonly target: string;
  readonly us: number;
  readonly count: number;
  readonly endsAtUs: number;
  readonly gate: GateHost | undefined;
  readonly device: Device | undefined;
  readonly process: SimulatedProcess | undefined;
  readonly disks: readonly SimulatedDisk[];
  /** Undoes it when its time is over. */
  afterwards(undo: () => void): void;
}

function hit(stage: Stage, { target, us, count }: Fault): Hit {
  const { schedule } = stage.world;
  const endsAtUs = schedule.nowUs() + us;
  return {
    ...{ stage, target, us, count, endsAtUs },
    gate: stage.gates.find(({ name }) => name === target),
    device: stage.devices.find(({ name }) => name === target),
    process: processOf(stage, target),
    disks: disksOf(stage, target),
    afterwards: (undo) => void schedule.at(endsAtUs, undo),
  };
}

function failSync({ disks }: Hit, fault: SyncFault): void {
  for (const disk of disks) disk.nextSync = fault;
}

const happen: Readonly<Record<FaultKind, (fault: Hit) => void>> = {
  kill: ({ process }) => process?.die('killed'),
  'die-between-effects': ({ process, count }) => process?.dieAfterEffects(count),
  'power-cut': ({ gate, stage }) => (gate ?? stage.portal).cutPower(),
  'graceful-end': ({ gate }) => gate?.endGracefully(),
  stall: ({ process, us }) => process?.stall(us),
  break: ({ stage, target }) => stage.network.trouble(target, 'break'),
  'half-open': ({ stage, target }) => stage.network.trouble(target, 'half-open'),
  'cut-off': ({ stage, target, endsAtUs }) => stage.network.cutOff(target, endsAtUs),
  'slow-disk': ({ disks, us, afterwards }) => {
    for (const disk of disks) {
      disk.slowUs = us;
      afterwards(() => {
        disk.slowUs = 0;
      });
    }
  },
  'full-disk': ({ disks, afterwards }) => {
    for (const disk of disks) {
      disk.isFull = true;
      afterwards(() => {
        disk.isFull = false;
      });
    }
  },
  'sync-unpersisted': (fault) => failSync(fault, 'unpersisted'),
  'sync-persisted': (fault) => failSync(fault, 'persisted'),
  'journal-fails': ({ device }) => device?.journal?.failNext(),
  'date-step': ({ gate, us }) => gate?.clock.stepDate(us),
  drift: ({ gate, us }) => gate?.clock.drift(us),
  'time-servers-silent': ({ stage, endsAtUs }) => stage.timeServers.silentUntil(endsAtUs),
  'time-servers-lie': ({ stage, us }) => stage.timeServers.lieAll(us),
  'portal-trouble': ({ stage, endsAtUs }) => {
    stage.portal.isTroubledUntilUs = endsAtUs;
  },
  suspension: ({ stage, afterwards }) => {
    stage.layCalendar({ suspended: true });
    afterwards(() => stage.layCalendar({}));
  },
};

/** Whatever may have been left half broken is started afresh, as an operator does in the end. */
function heal(stage: Stage): void {
  stage.world.trace.note('world', 'heals');
  stage.layCalendar({});
  const hosts = [stage.portal, ...stage.gates];
  for (const disk of hosts.flatMap(({ name }) => disksOf(stage, name))) {
    Object.assign(disk, { isFull: false, slowUs: 0, nextSync: undefined });
  }
  for (const { process } of [...hosts, ...stage.devices]) process?.dieAfterEffects(NEVER);
  for (const { clock } of stage.gates) clock.mendDate();
  stage.timeServers.lieAll(0);
  stage.portal.process?.die('ended');
}

function processOf(stage: Stage, target: string): SimulatedProcess | undefined {
  const hosts = [stage.portal, ...stage.gates, ...stage.devices];
  return hosts.find(({ name }) => name === target)?.process;
}

function disksOf(stage: Stage, target: string): readonly SimulatedDisk[] {
  if (target === stage.portal.name) return [stage.portal.registerDisk, stage.portal.portalDisk];
  return stage.gates.flatMap(({ name, disk }) => (name === target ? [disk] : []));
}
