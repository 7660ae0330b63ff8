/**
 * Acknowledged means kept: every acceptance that left a gate stands on that gate's disk with the
 * same number and stamp, was on disk before it left, and nobody was ever told two numbers by one
 * gate, or one number for two applications. Refused for good means not kept. Order: what was
 * acknowledged before another one was sent stands before it.
 */
import { type LedgerEntry, protocolNumber } from '#protocol/entry.ts';
import type { Broken, Stored } from './check.ts';
import type { Acknowledged, Refused } from './evidence.ts';
import type { Remains } from './world.ts';

export function checkAcknowledgements(remains: Remains, { ledgers }: Stored): Broken[] {
  const entries = new Map(
    ledgers.map((reader) => [reader.gate, entriesOf(reader.entries(1, Number.POSITIVE_INFINITY))]),
  );
  const { acknowledged } = remains.world.evidence;
  return [
    ...acknowledged.flatMap((told) => checkOne(told, entries.get(told.gate))),
    ...remains.world.evidence.refused.flatMap((told) => checkRefusal(told, entries.get(told.gate))),
    ...checkBeforeDisk(remains),
    ...checkNumbers(acknowledged),
    ...checkOrder(remains, entries),
  ];
}

/** Refusals after which nobody tries again. */
const FINAL = new Set(['CLOSED', 'WRONG_CLICK_DAY', 'UNKNOWN_APPLICATION']);

type Entries = ReadonlyMap<string, LedgerEntry>;

function entriesOf(entries: readonly LedgerEntry[]): Entries {
  return new Map(entries.map((entry) => [entry.application, entry]));
}

function checkOne(told: Acknowledged, entries: Entries | undefined): Broken[] {
  const entry = entries?.get(told.application);
  const detail = `${told.application}, told ${told.protocol}`;
  if (entry === undefined) return [{ code: 'ACKNOWLEDGED_LOST', detail }];
  const isSame =
    protocolNumber(entry) === told.protocol &&
    entry.seq === told.seq &&
    entry.stampUs === told.stampUs &&
    entry.uncertaintyUs === told.uncertaintyUs;
  if (isSame) return [];
  return [{ code: 'ACKNOWLEDGED_DIFFERS', detail: `${detail}, stored ${protocolNumber(entry)}` }];
}

/** Refused for good means that it is not there, on this gate, and never will be. */
function checkRefusal(
  { gate, application, code }: Refused,
  entries: Entries | undefined,
): Broken[] {
  if (!FINAL.has(code) || entries?.has(application) !== true) return [];
  return [{ code: 'REFUSED_YET_KEPT', detail: `${application}, ${code} of ${gate}` }];
}

/** The true instant at which each number was on disk. */
function checkBeforeDisk({ gates, world }: Remains): Broken[] {
  const onDiskUs = new Map(gates.map(({ name, disk }) => [name, instantsOf(disk.commits)]));
  return world.evidence.acknowledged.flatMap(({ gate, seq, atUs, application }) => {
    const us = onDiskUs.get(gate)?.(seq);
    if (us === undefined || us <= atUs) return [];
    const detail = `${application}, ${us - atUs} µs before it was on disk`;
    return [{ code: 'ACKNOWLEDGED_BEFORE_DISK', detail }];
  });
}

type Commits = Remains['gates'][number]['disk']['commits'];

/** A page's key is the last number in it. */
function instantsOf(commits: Commits): (seq: number) => number | undefined {
  const ends = commits.flatMap(({ operations, endedAtUs }) =>
    operations.flatMap(({ table, key }) =>
      table === 'entries' ? [{ lastSeq: Number(key), endedAtUs }] : [],
    ),
  );
  return (seq) => ends.find(({ lastSeq }) => lastSeq >= seq)?.endedAtUs;
}

function checkNumbers(acknowledged: readonly Acknowledged[]): Broken[] {
  const numbers = new Map<string, string>();
  const applications = new Map<string, string>();
  return acknowledged.flatMap(({ gate, application, protocol }) => {
    const broken: Broken[] = [];
    const first = numbers.get(`${gate} ${application}`) ?? protocol;
    numbers.set(`${gate} ${application}`, first);
    if (first !== protocol) {
      broken.push({ code: 'TOLD_TWO_NUMBERS', detail: `${application}: ${first}, ${protocol}` });
    }
    const owner = applications.get(protocol) ?? application;
    applications.set(protocol, owner);
    if (owner !== application) {
      broken.push({ code: 'NUMBER_TOLD_TWICE', detail: `${protocol}: ${owner}, ${application}` });
    }
    return broken;
  });
}

/** Acknowledged before the other was sent at all: it stands before it (on one gate). */
function checkOrder({ world }: Remains, entries: ReadonlyMap<string, Entries>): Broken[] {
  const { sent, acknowledged } = world.evidence;
  const firstSentUs = new Map<string, number>();
  for (const { application, atUs } of sent) {
    if (!firstSentUs.has(application)) firstSentUs.set(application, atUs);
  }
  return [...entries].flatMap(([gate, ofGate]) => {
    const told = acknowledged.filter((one) => one.gate === gate);
    const sorted = [...ofGate.values()].sort((a, b) => a.seq - b.seq);
    return sorted.flatMap(({ application, seq }) => {
      const sentUs = firstSentUs.get(application) ?? Number.NEGATIVE_INFINITY;
      const late = told.find((one) => one.atUs < sentUs && one.seq > seq);
      if (late === undefined) return [];
      const detail = `${application} at ${seq} was sent after ${late.protocol} was told`;
      return [{ code: 'ORDER_BROKEN', detail }];
    });
  });
}
