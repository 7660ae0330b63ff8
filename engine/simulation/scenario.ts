/**
 * A scenario: who takes part and what goes wrong when, as plain data, drawn from a seed. Because it
 * is data it can be printed, replayed and made smaller (shrink.ts): each fault and each device can
 * be left out without moving the others.
 */
import { createDice, type Dice } from './dice.ts';
import type { Line } from './link.ts';
import { drawTime, LIE_OF_ALL_US } from './scenario-time.ts';
import type { TimeServerSetup } from './time-servers.ts';

interface ClockSetup {
  readonly driftPpm: number;
  readonly dateErrorUs: number;
  /** Where its monotonic clock begins. */
  readonly countsFromUs: number;
}

export interface GateSetup extends ClockSetup {
  readonly name: string;
}

export interface DeviceSetup extends ClockSetup {
  readonly name: string;
  readonly kind: 'mini-client' | 'hammer';
  readonly account: string;
  readonly applications: readonly string[];
  readonly startsAtUs: number;
  readonly line: Line;
}

/** `target` is a gate, a device or 'portal'. */
export interface Fault {
  readonly kind: FaultKind;
  readonly target: string;
  readonly atUs: number;
  /** How long, or by how much. */
  readonly us: number;
  /** For a death between two effects: before which one. */
  readonly count: number;
}

export interface Scenario {
  readonly seed: string;
  readonly startsAtUs: number;
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  /** From here on nothing goes wrong any more. */
  readonly healsAtUs: number;
  readonly gates: readonly GateSetup[];
  readonly devices: readonly DeviceSetup[];
  readonly timeServers: readonly TimeServerSetup[];
  /** What all of them lie alike from the start until the faults end; 0: nothing. */
  readonly lieOfAllUs: number;
  readonly faults: readonly Fault[];
  /** The servers lie beyond what a selection can see: true time is not checked. */
  readonly isClockFooled: boolean;
}

export const FAULT_KINDS = [
  'kill',
  'die-between-effects',
  'power-cut',
  'graceful-end',
  'stall',
  'break',
  'half-open',
  'cut-off',
  'slow-disk',
  'sync-unpersisted',
  'sync-persisted',
  'full-disk',
  'journal-fails',
  'date-step',
  'drift',
  'time-servers-silent',
  'time-servers-lie',
  'portal-trouble',
  'suspension',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const EIGHT_O_CLOCK_US = Date.UTC(2027, 2, 18, 8) * 1000;
const SERVER_DRIFT_PPM_MAX = 14;
const DEVICE_DRIFT_PPM_MAX = 90;
/** The engine's bound of a date that nobody corrects is 50 ms. */
const DATE_ERROR_US_MAX = 40_000;
/** Of the time before the faults end, this much lies before the opening. */
const BEFORE_OPENING = { min: 0.15, max: 0.35 } as const;
const FAULTS_MAX = 14;

/** @param minutes simulated, until nothing goes wrong any more */
export function scenarioOf(seed: string, minutes: number): Scenario {
  const dice = createDice(seed).named('scenario');
  const spanUs = minutes * MINUTE_US;
  const opensAtUs = EIGHT_O_CLOCK_US;
  const share = BEFORE_OPENING.min + dice.fraction() * (BEFORE_OPENING.max - BEFORE_OPENING.min);
  const startsAtUs = opensAtUs - Math.round(spanUs * share);
  const healsAtUs = startsAtUs + spanUs;
  const isClosingSeen = dice.chance(0.4);
  const closesAtUs = isClosingSeen
    ? dice.between(opensAtUs + 2 * SECOND_US, healsAtUs)
    : healsAtUs + 60 * MINUTE_US;
  const window = { startsAtUs, opensAtUs, closesAtUs, healsAtUs };
  const gates = drawGates(dice.named('gates'));
  const devices = drawDevices(dice.named('devices'), window);
  const { timeServers, lieOfAllUs, isClockFooled, ...may } = drawTime(dice.named('time'));
  const faults = drawFaults(dice.named('faults'), window, { gates, devices, ...may });
  return { seed, ...window, gates, devices, timeServers, lieOfAllUs, faults, isClockFooled };
}

type Window = Pick<Scenario, 'startsAtUs' | 'opensAtUs' | 'closesAtUs' | 'healsAtUs'>;

const signed = (dice: Dice, max: number) => dice.between(-max, max);

function drawGates(dice: Dice): GateSetup[] {
  const count = dice.pick([1, 1, 1, 2, 2, 3]);
  return Array.from({ length: count }, (_, index) => ({
    name: `g${index + 1}`,
    driftPpm: signed(dice, SERVER_DRIFT_PPM_MAX),
    dateErrorUs: signed(dice, DATE_ERROR_US_MAX),
    countsFromUs: dice.integer(MINUTE_US),
  }));
}

function drawDevices(dice: Dice, window: Window): DeviceSetup[] {
  const accounts = dice.between(4, 16);
  const devices: DeviceSetup[] = [];
  for (let account = 1; account <= accounts; account += 1) {
    const isHammer = dice.chance(0.25);
    const many = isHammer ? dice.pick([1, 2, 4, 12]) : dice.pick([1, 2, 3, 5, 8, 20]);
    const applications = Array.from({ length: many }, (_, at) => `a${account}-${at + 1}`);
    const copies = dice.chance(0.25) ? 2 : 1;
    for (let copy = 1; copy <= copies; copy += 1) {
      const isSecondHammer = copy === 2 && dice.chance(0.5);
      devices.push({
        name: `d${account}${copy === 2 ? 'b' : ''}`,
        kind: isHammer || isSecondHammer ? 'hammer' : 'mini-client',
        account: `account-${account}`,
        applications,
        startsAtUs: drawStart(dice, window),
        driftPpm: signed(dice, DEVICE_DRIFT_PPM_MAX),
        dateErrorUs: signed(dice, 3600 * SECOND_US),
        countsFromUs: dice.integer(1000 * MINUTE_US),
        line: { delayUs: dice.between(200, 60_000), jitterUs: dice.pick([100, 3_000, 50_000]) },
      });
    }
  }
  return devices;
}

/** Most are there before the opening; some come later, a few around the closing. */
function drawStart(dice: Dice, { startsAtUs, opensAtUs, closesAtUs, healsAtUs }: Window): number {
  const luck = dice.fraction();
  if (luck < 0.6) return dice.between(startsAtUs, opensAtUs);
  if (luck < 0.9 && closesAtUs < healsAtUs) return closesAtUs - dice.integer(SECOND_US);
  return dice.between(opensAtUs, healsAtUs);
}

interface Targets {
  readonly gates: readonly GateSetup[];
  readonly devices: readonly DeviceSetup[];
  readonly maySetDates: boolean;
  readonly maySilence: boolean;
  /** All servers begin to lie alike at some instant. */
  readonly mayAllTurn: boolean;
}

const GATE_FAULTS: readonly FaultKind[] = [
  'kill',
  'die-between-effects',
  'die-between-effects',
  'power-cut',
  'graceful-end',
  'stall',
  'cut-off',
  'slow-disk',
  'sync-unpersisted',
  'sync-persisted',
  'full-disk',
  'date-step',
  'drift',
  'time-servers-silent',
];
const PORTAL_FAULTS: readonly FaultKind[] = [
  'kill',
  'die-between-effects',
  'die-between-effects',
  'power-cut',
  'stall',
  'slow-disk',
  'sync-unpersisted',
  'sync-persisted',
  'full-disk',
  'portal-trouble',
  'suspension',
];
const DEVICE_FAULTS: readonly FaultKind[] = [
  'kill',
  'die-between-effects',
  'stall',
  'break',
  'break',
  'half-open',
  'journal-fails',
];

function drawFaults(dice: Dice, window: Window, targets: Targets): Fault[] {
  const count = dice.integer(FAULTS_MAX + 1);
  const faults = Array.from({ length: count }, () => drawFault(dice, window, targets));
  if (dice.chance(0.3)) faults.push(stallOverOpening(dice, window, targets));
  if (dice.chance(0.3)) faults.push(slowDiskOverClosing(dice, window, targets));
  if (targets.mayAllTurn) faults.push(lieOfAll(dice, window));
  const { maySetDates, maySilence } = targets;
  const allowed = faults.filter(({ kind }) => maySilence || kind !== 'time-servers-silent');
  // A gate that starts while it hears no server believes its date: where it may, none is set.
  const isDeaf = allowed.some(({ kind }) => kind === 'time-servers-silent' || kind === 'stall');
  return allowed.filter(({ kind }) => kind !== 'date-step' || (maySetDates && !isDeaf));
}

function drawFault(dice: Dice, window: Window, { gates, devices }: Targets): Fault {
  const [target, kinds] = dice.pick([
    [dice.pick(gates).name, GATE_FAULTS] as const,
    [dice.pick(gates).name, GATE_FAULTS] as const,
    ['portal', PORTAL_FAULTS] as const,
    [dice.pick(devices).name, DEVICE_FAULTS] as const,
  ]);
  const kind = dice.pick(kinds);
  return {
    kind,
    target,
    atUs: drawInstant(dice, window),
    us: drawAmount(dice, kind),
    count: dice.between(1, dice.pick([4, 20, 80])),
  };
}

/** The gate does not read for a while, and what arrives lies there when the day opens. */
function stallOverOpening(dice: Dice, { opensAtUs }: Window, { gates }: Targets): Fault {
  const us = dice.between(2_000, 60_000);
  const target = dice.pick(gates).name;
  return { kind: 'stall', target, atUs: opensAtUs - dice.integer(us), us, count: 0 };
}

/** Commits take long, and what had its turn before the closing waits until after it. */
function slowDiskOverClosing(dice: Dice, { closesAtUs }: Window, { gates }: Targets): Fault {
  const us = dice.between(20_000, 400_000);
  const target = dice.pick(gates).name;
  return { kind: 'slow-disk', target, atUs: closesAtUs - dice.integer(us), us, count: 0 };
}

/** Until the faults end; the world before it is an honest one. */
function lieOfAll(dice: Dice, window: Window): Fault {
  const atUs = drawInstant(dice, window);
  const us = drawAmount(dice, 'time-servers-lie');
  return { kind: 'time-servers-lie', target: 'time-servers', atUs, us, count: 0 };
}

/** Most faults fall where most happens: around the opening and the closing. */
function drawInstant(dice: Dice, window: Window): number {
  const { startsAtUs, opensAtUs, closesAtUs, healsAtUs } = window;
  const luck = dice.fraction();
  if (luck < 0.3) return opensAtUs + signed(dice, 50_000);
  if (luck < 0.5) return opensAtUs + dice.integer(3 * SECOND_US);
  if (luck < 0.7 && closesAtUs < healsAtUs) return closesAtUs - dice.integer(SECOND_US);
  return dice.between(startsAtUs, healsAtUs);
}

function drawAmount(dice: Dice, kind: FaultKind): number {
  switch (kind) {
    case 'stall':
      return dice.pick([5_000, 60_000, 500_000, 4 * SECOND_US]);
    case 'slow-disk':
      return dice.pick([50_000, 500_000, 5 * SECOND_US]);
    case 'cut-off':
    case 'full-disk':
    case 'portal-trouble':
    case 'suspension':
    case 'time-servers-silent':
      return dice.pick([300_000, 3 * SECOND_US, 12 * SECOND_US]);
    case 'date-step':
      return dice.pick([-3600 * SECOND_US, -100_000, -60_000, 60_000, 100_000, 3600 * SECOND_US]);
    case 'time-servers-lie':
      return dice.pick([-1, 1]) * LIE_OF_ALL_US;
    case 'drift':
      return signed(dice, SERVER_DRIFT_PPM_MAX);
    default:
      return 0;
  }
}
