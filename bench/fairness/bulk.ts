/**
 * F2, bulk: one sender with a thousand frames on one socket among a thousand with one frame each;
 * the same spread over the four connections an account may have, and a fifth; and many bulk
 * senders against many singles. Everything is queued while the gate stands still, the bulk first.
 *
 * Turns give every connection one place a round, so of the first N places a single bulk sender
 * among m singles gets N / (m + 1), rounded up.
 */

import { type FairGate, startGate, type Unfairness } from '#bench/fairness/gate.ts';
import { longestRun, placesAmong } from '#bench/fairness/order.ts';
import { dayAt, type Line } from '#bench/fairness/papers.ts';
import { lostOf, type Played, playQueues } from '#bench/fairness/queues.ts';
import { type Heard, openCrowd, Sender } from '#bench/fairness/sender.ts';
import { atLeast, atMost, type Figure } from '#bench/figures.ts';

/** How large and how often. */
export interface BulkSizes {
  readonly rounds: number;
  readonly singles: number;
  readonly frames: number;
  readonly manyRounds: number;
  readonly manyBulks: number;
  readonly manyFrames: number;
  readonly manySingles: number;
}

const DAY = 'day';
const CONNECTIONS_OF_ACCOUNT = 4;
const TOO_MANY = 4429;

const ids = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name}-${at}`);
const linesOf = (names: readonly string[]): Line[] => names.map((id) => ({ id, clickDay: DAY }));

function openDay() {
  return dayAt(DAY, Date.now() * 1000 - 60_000_000);
}

/** One account's bulk, dealt over so many of its connections. */
async function bulkSenders(gate: FairGate, account: string, all: string[], connections: number) {
  const passbooks = gate.papers.passbooks(account, linesOf(all));
  const queues = [];
  for (let at = 0; at < connections; at += 1) {
    const sender = await Sender.open({ port: gate.port, passbooks });
    const applications = all.filter((_, index) => index % connections === at);
    queues.push({ sender, applications });
  }
  return queues;
}

interface Round {
  readonly played: Played;
  readonly order: readonly number[];
  readonly bulks: ReadonlySet<number>;
}

/** Rounds of one bulk sender over `connections` connections among single senders. */
async function playRounds(options: {
  gate: FairGate;
  sizes: BulkSizes;
  connections: number;
  rounds: number;
}): Promise<Round[]> {
  const { gate, sizes, connections, rounds } = options;
  const name = (round: number, single: number) => `s${connections}-${round}-${single}`;
  const owned = Array.from({ length: sizes.singles }, (_, single) =>
    linesOf(Array.from({ length: rounds }, (__, round) => name(round, single))),
  );
  const crowd = await openCrowd(gate, `single${connections}`, owned);
  const done: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const account = `bulk${connections}-${round}`;
    const bulk = await bulkSenders(gate, account, ids(account, sizes.frames), connections);
    const singles = crowd.map((sender, at) => ({ sender, applications: [name(round, at)] }));
    const played = await playQueues([...bulk, ...singles], { frozen: gate });
    for (const { sender } of bulk) sender.close();
    const order = played.places.map((place) => place.connection);
    done.push({ played, order, bulks: new Set(bulk.keys()) });
  }
  for (const sender of crowd) sender.close();
  return done;
}

const TENTH = 0.1;

/** Places of the bulk among the first tenth ÷ those that turns give it. */
function advantageOf({ order, bulks }: Round, singles: number): number {
  const first = Math.round(order.length * TENTH);
  return placesAmong(order, first, bulks) / Math.ceil(first / (singles + bulks.size));
}

/** Places of one account in the first round, in which everybody has one turn a connection. */
function placesInRound({ order, bulks }: Round, singles: number): number {
  return placesAmong(order, singles + bulks.size, bulks);
}

async function fifthConnection(gate: FairGate): Promise<number> {
  const passbooks = gate.papers.passbooks('five', linesOf(['five-0']));
  const senders: Sender[] = [];
  for (let at = 0; at <= CONNECTIONS_OF_ACCOUNT; at += 1) {
    senders.push(await Sender.open({ port: gate.port, passbooks }));
  }
  const code = senders.at(-1)?.closed ?? 0;
  for (const sender of senders) sender.close();
  return code;
}

/** Many bulk senders against many singles: the singles' places ÷ what turns give, a round. */
async function playMany(gate: FairGate, sizes: BulkSizes, round: number) {
  const { manyBulks, manyFrames, manySingles } = sizes;
  const applications = Array.from({ length: manyBulks }, (_, at) =>
    ids(`many${round}-${at}`, manyFrames),
  );
  const bulks = await openCrowd(gate, `many${round}`, applications.map(linesOf));
  const names = ids(`few${round}`, manySingles);
  const owned = names.map((id) => linesOf([id]));
  const singles = await openCrowd(gate, `few${round}`, owned);
  const queues = [
    ...bulks.map((sender, at) => ({ sender, applications: applications[at]! })),
    ...singles.map((sender, at) => ({ sender, applications: [names[at]!] })),
  ];
  const played = await playQueues(queues, { frozen: gate });
  for (const { sender } of queues) sender.close();
  const order = played.places.map((place) => place.connection);
  const inFirst = manySingles - placesAmong(order, manySingles, new Set(bulks.keys()));
  const given = (manySingles * manySingles) / (manySingles + manyBulks);
  return { played, share: inFirst / given };
}

/** The figures of F2. */
export async function measureBulk(sizes: BulkSizes): Promise<Figure[]> {
  const gate = await startGate([openDay()]);
  const heard: Heard[] = [];
  let unanswered = 0;
  const keep = (played: Played) => {
    for (const one of played.heard) heard.push(one);
    unanswered += played.unanswered;
  };
  const base = { gate, sizes, rounds: sizes.rounds };
  const single = await playRounds({ ...base, connections: 1 });
  const split = await playRounds({ ...base, connections: CONNECTIONS_OF_ACCOUNT });
  for (const { played } of [...single, ...split]) keep(played);
  const fifth = await fifthConnection(gate);
  const shares: number[] = [];
  for (let round = 0; round < sizes.manyRounds; round += 1) {
    const { played, share } = await playMany(gate, sizes, round);
    keep(played);
    shares.push(share);
  }
  const content = await gate.end();
  const rounds = [...single, ...split];
  const { singles, frames, manyBulks, manyFrames, manySingles } = sizes;
  const scenario = `F2 ${frames} frames on one socket, ${singles} singles:`;
  return [
    {
      ...{ scenario: `${scenario} places among first 10 % ÷ turns`, target: '≤ 1.05', digits: 2 },
      ...{ ...atMost(1.05), isCorrectness: true },
      values: single.map((round) => advantageOf(round, singles)),
    },
    {
      ...{ scenario: 'F2 longest run of one connection, others waiting', target: '1' },
      ...{ ...atMost(1), isCorrectness: true },
      values: rounds.map(({ order }) => longestRun(order)),
    },
    {
      ...{ scenario: 'F2 the same over 4 connections: places in first round', target: '≤ 4' },
      ...{ ...atMost(CONNECTIONS_OF_ACCOUNT), isCorrectness: true },
      values: split.map((round) => placesInRound(round, singles)),
    },
    {
      ...{ scenario: 'F2 fifth connection of the account: close code', target: '4429' },
      ...{ worst: 'highest', meets: (code) => code === TOO_MANY, isCorrectness: true },
      values: [fifth],
    },
    {
      scenario: `F2 ${manyBulks} × ${manyFrames} against ${manySingles} singles: theirs ÷ turns`,
      ...{ target: '≥ 0.90', ...atLeast(0.9), isCorrectness: true, digits: 3, values: shares },
    },
    {
      ...{ scenario: 'F2 lost, doubled or unanswered', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: [lostOf(heard, content) + unanswered] },
    },
  ];
}

/** The same judges over a gate that serves in order of arrival: they must see it. */
export async function controlBulk(sizes: BulkSizes, unfair: Unfairness): Promise<Figure[]> {
  const gate = await startGate([openDay()], { unfair });
  const rounds = await playRounds({ gate, sizes, connections: 1, rounds: 3 });
  await gate.end();
  return [
    {
      scenario: 'control, order of arrival: places among first 10 % ÷ turns',
      ...{ target: '≤ 1.05', ...atMost(1.05), isControl: true, digits: 2 },
      values: rounds.map((round) => advantageOf(round, sizes.singles)),
    },
    {
      scenario: 'control, order of arrival: longest run',
      ...{ target: '1', ...atMost(1), isControl: true },
      values: rounds.map(({ order }) => longestRun(order)),
    },
  ];
}
