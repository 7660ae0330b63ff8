/** What goes wrong, done to a world at its instant. */
import type { Device, MiniClientDevice } from './device.ts';
import type { SimulatedDisk } from './disk.ts';
import type { GateHost } from './gate-host.ts';
import type { Network } from './network.ts';
import type { PortalHost } from './portal-host.ts';
import type { SimulatedProcess } from './process.ts';
import type { Fault } from './scenario.ts';
import type { TimeServers } from './time-servers.ts';
import type { World } from './world-parts.ts';

/** All that faults can reach. */
export interface Stage {
  readonly world: World;
  readonly network: Network;
  readonly timeServers: TimeServers;
  readonly gates: readonly GateHost[];
  readonly portal: PortalHost;
  readonly devices: readonly Device[];
}

/** Plans every fault of the scenario, and the end of all of them. */
export function planFaults(stage: Stage): void {
  const { schedule, scenario, trace } = stage.world;
  for (const fault of scenario.faults) {
    schedule.at(fault.atUs, () => {
      trace.note(fault.target, `fault ${fault.kind} ${fault.us} ${fault.count}`);
      happen(stage, fault);
    });
  }
  schedule.at(scenario.healsAtUs, () => heal(stage));
}

function happen(stage: Stage, fault: Fault): void {
  const { schedule } = stage.world;
  const nowUs = schedule.nowUs();
  const gate = stage.gates.find(({ name }) => name === fault.target);
  const device = stage.devices.find(({ name }) => name === fault.target);
  const process = processOf(stage, fault.target);
  const disks = disksOf(stage, fault.target);
  const until = (end: () => void) => schedule.at(nowUs + fault.us, end);
  switch (fault.kind) {
    case 'kill':
      return process?.die('killed');
    case 'die-between-effects':
      return process?.dieAfterEffects(fault.count);
    case 'power-cut':
      return gate === undefined ? stage.portal.cutPower() : gate.cutPower();
    case 'graceful-end':
      return gate?.endGracefully();
    case 'stall':
      return process?.stall(fault.us);
    case 'break':
    case 'half-open':
      return stage.network.trouble(fault.target, fault.kind);
    case 'cut-off':
      return stage.network.cutOff(fault.target, nowUs + fault.us);
    case 'slow-disk':
      return each(disks, (disk) => {
        disk.slowUs = fault.us;
        until(() => {
          disk.slowUs = 0;
        });
      });
    case 'full-disk':
      return each(disks, (disk) => {
        disk.isFull = true;
        until(() => {
          disk.isFull = false;
        });
      });
    case 'sync-unpersisted':
    case 'sync-persisted':
      return each(disks, (disk) => {
        disk.nextSync = fault.kind === 'sync-persisted' ? 'persisted' : 'unpersisted';
      });
    case 'journal-fails':
      return (device as MiniClientDevice | undefined)?.journal?.failNext();
    case 'date-step':
      return gate?.clock.stepDate(fault.us);
    case 'drift':
      return gate?.clock.drift(fault.us);
    case 'time-servers-silent':
      return stage.timeServers.silentUntil(nowUs + fault.us);
    case 'portal-trouble':
      stage.portal.isTroubledUntilUs = nowUs + fault.us;
  }
}

/** Whatever may have been left half broken is started afresh, as an operator does in the end. */
function heal(stage: Stage): void {
  stage.world.trace.note('world', 'heals');
  for (const disk of ['portal', ...stage.gates.map(({ name }) => name)].flatMap((name) =>
    disksOf(stage, name),
  )) {
    Object.assign(disk, { isFull: false, slowUs: 0, nextSync: undefined });
  }
  for (const host of [stage.portal, ...stage.gates]) host.process?.dieAfterEffects(Infinity);
  for (const { process } of stage.devices) process?.dieAfterEffects(Infinity);
  stage.portal.process?.die('ended');
}

function each<T>(items: readonly T[], work: (item: T) => void): void {
  for (const item of items) work(item);
}

function processOf(stage: Stage, target: string): SimulatedProcess | undefined {
  const hosts = [stage.portal, ...stage.gates, ...stage.devices];
  return hosts.find(({ name }) => name === target)?.process;
}

function disksOf(stage: Stage, target: string): readonly SimulatedDisk[] {
  if (target === stage.portal.name) return [stage.portal.registerDisk, stage.portal.portalDisk];
  return stage.gates.flatMap(({ name, disk }) => (name === target ? [disk] : []));
}
