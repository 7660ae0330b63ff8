/**
 * A mini-client that is killed with SIGKILL, again and again at random moments, against a real
 * gate: from before its first line of code to after its last acceptance. The moments come from the
 * seed; what the kernel makes of them does not, so a seed repeats a round only roughly.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import { type LoadedGate, startLoadedGate } from '#bench/scenarios/gate-load.ts';
import { layReadyLoad, type ReadyLoad } from '#bench/scenarios/ready-load.ts';
import type { FixtureAccount } from '#bench/system.ts';
import { foldJournal } from '#mini-client/core/index.ts';
import { faultsOf, type Told, toldIn } from '#test/mini-client/judge.ts';
import {
  layPreparation,
  type MiniClientProcess,
  startSending,
  type ToldEvent,
} from '#test/support/mini-client-process.ts';
import { eventually } from '#test/support/processes.ts';
import { seeded } from '#test/support/sender-stage.ts';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Of each round's client. */
  readonly applications: number;
  /** Kills of one client at most (default 3). */
  readonly killsMax?: number;
  /** An executable file instead of the sources. */
  readonly program?: string;
  readonly say?: (text: string) => void;
}

export interface CrashResult {
  readonly faults: readonly string[];
  readonly kills: number;
  /** Kills between the first acceptance and the last. */
  readonly killsAmidst: number;
  readonly accepted: number;
}

const KILLS_MAX_DEFAULT = 3;
/** A client that starts takes about half of this. */
const START_MS = 1_500;
const AMIDST_MS_MAX = 30_000;
/** Of an application that is chosen, sent and accepted. */
const JOURNAL_BYTES_EACH = 700;

type Dice = ReturnType<typeof seeded>;

interface Round {
  readonly faults: readonly string[];
  readonly told: readonly Told[];
  readonly kills: number;
  readonly killsAmidst: number;
}

/** Plays all rounds on one gate, and verifies its ledger at the end. */
export async function playCrashes(options: CrashOptions): Promise<CrashResult> {
  const { rounds, seed, applications, say = () => undefined } = options;
  const { killsMax = KILLS_MAX_DEFAULT } = options;
  const dice = seeded(seed * 7_919 + 1);
  const directory = mkdtempSync(join(tmpdir(), 'clickday-crashes-'));
  const data = join(directory, 'data');
  const load = layReadyLoad(data);
  const gate = await startLoadedGate(data);
  const played: Round[] = [];
  try {
    for (const [at, account] of load.accounts(rounds, applications).entries()) {
      const home = join(directory, `client-${at}`);
      const client = { home, account, load, gate, program: options.program };
      const round = await playRound(client, 1 + dice.integer(killsMax), dice);
      played.push(round);
      const { kills, killsAmidst, faults } = round;
      const verdict = faults[0] ?? 'every application accepted exactly once';
      say(`round ${at + 1}: killed ${kills} times, ${killsAmidst} of them amidst: ${verdict}`);
    }
    await gate.stop();
    const told = played.flatMap((round) => round.told);
    const inLedger = await checkRun(data, told);
    return {
      faults: [...played.flatMap(({ faults }) => faults), ...inLedger],
      kills: played.reduce((sum, { kills }) => sum + kills, 0),
      killsAmidst: played.reduce((sum, { killsAmidst }) => sum + killsAmidst, 0),
      accepted: told.length,
    };
  } finally {
    await gate.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Client {
  readonly home: string;
  readonly account: FixtureAccount;
  readonly load: ReadyLoad;
  readonly gate: LoadedGate;
  readonly program: string | undefined;
}

async function playRound(client: Client, kills: number, dice: Dice): Promise<Round> {
  const { home, account, load, gate } = client;
  const { passbooks, applications } = account;
  const gates = [`ws://127.0.0.1:${gate.port}/v1/submissions`];
  layPreparation(home, { clickDay: load.clickDays[0]!, gates, passbooks, applications });
  const lives: (readonly ToldEvent[])[] = [];
  let killsAmidst = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const life = start(client);
    await killSomewhere(life, client, dice);
    lives.push(life.events);
    if (isAmidst(client)) killsAmidst += 1;
  }
  const last = start(client);
  const exitStatus = await last.ended;
  lives.push(last.events);
  const journal = readFileSync(journalOf(home), 'utf8');
  const faults = faultsOf({ applications, lives, exitStatus, journal });
  return { faults, told: toldIn(last.events), kills, killsAmidst };
}

function start({ home, program }: Client): MiniClientProcess {
  return startSending({ directory: home, ...(program !== undefined && { program }) });
}

/**
 * One in four somewhere in its start; the others when the journal has grown by so much, which is
 * seen sooner than what the client tells, and so hits frames that are on their way.
 */
async function killSomewhere(life: MiniClientProcess, client: Client, dice: Dice): Promise<void> {
  if (dice.integer(4) === 0) await pause(dice.integer(START_MS));
  else {
    const bytes = JOURNAL_BYTES_EACH * client.account.applications.length;
    const wantedBytes = journalBytes(client) + dice.integer(bytes);
    let isOver = false;
    void life.ended.then(() => {
      isOver = true;
    });
    const isThere = () => isOver || journalBytes(client) > wantedBytes;
    await eventually('the journal grows', AMIDST_MS_MAX, isThere, 1);
  }
  life.kill('SIGKILL');
  await life.ended;
}

function journalBytes({ home }: Client): number {
  return statSync(journalOf(home), { throwIfNoEntry: false })?.size ?? 0;
}

/** Whether something was accepted, and something was on its way or yet to be sent. */
function isAmidst({ home, account }: Client): boolean {
  if (!existsSync(journalOf(home))) return false;
  const states = [...foldJournal(readFileSync(journalOf(home), 'utf8')).values()];
  const { length } = states.filter(({ accepted }) => accepted !== undefined);
  return length > 0 && length < account.applications.length;
}

function journalOf(home: string): string {
  return join(home, 'journal.ndjson');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
