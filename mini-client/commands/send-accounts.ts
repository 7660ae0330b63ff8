/**
 * `send --accounts FILE`: many accounts in one process, for the rehearsal: each with a sender and
 * a connection of its own, as real clients have, sharing only the journal and the gate's time.
 */
import { readFileSync } from 'node:fs';
import { type Static, Type } from '@sinclair/typebox';
import {
  compileCheck,
  createGateClocks,
  createSender,
  type Margin,
  openJournal,
  parsedJson,
  type SenderEvent,
} from '../core/index.ts';
import { journalFile } from '../node/files.ts';
import { eventData, sayEvent, summarize, tellSummary } from '../report.ts';
import { type CommandContext, type ExitCode, gateAddresses, Refusal } from './context.ts';
import { limit } from './send.ts';

const CONNECT_MS_AN_ACCOUNT = 2;
const PROGRESS_MS = 1_000;

/** A line of `clickday fixture`. */
const AccountLine = Type.Object({
  account: Type.String(),
  passbooks: Type.Array(Type.String()),
  applications: Type.Array(Type.String()),
});
type AccountLine = Static<typeof AccountLine>;

export interface SendAccountsOptions {
  readonly file: string;
  readonly gates: readonly string[];
  /** Where the journal is; beside the file when absent. */
  readonly journalPath: string;
  /** Every `count`th account, from the `number`th (from 1). */
  readonly shard?: { readonly number: number; readonly count: number };
  /** Connections are spread over so long. */
  readonly connectWithinMs?: number;
  readonly timeLimitMs?: number;
  readonly margin?: Margin;
}

export async function sendAccounts(
  context: CommandContext,
  options: SendAccountsOptions,
): Promise<ExitCode> {
  const { output, openSocket, clock, timers, random } = context;
  if (options.gates.length === 0) throw new Refusal('gateMissing', {}, 2);
  const gates = gateAddresses(options.gates);
  const accounts = readAccounts(options);
  const connectWithinMs = options.connectWithinMs ?? accounts.length * CONNECT_MS_AN_ACCOUNT;
  const journal = openJournal(journalFile(options.journalPath));
  const gateClocks = createGateClocks();
  const progress = createProgress(context, accounts.length);
  const senders = accounts.map(({ account, applications, passbooks }) =>
    createSender({
      ...{ applications, passbooks, gates, journal, gateClocks },
      ...{ openSocket, clock, timers, random },
      options: { connectWithinMs, ...(options.margin !== undefined && { margin: options.margin }) },
      onEvent: (event) => progress.event(event, account),
    }),
  );
  const cancelLimit = limit(context, senders, options.timeLimitMs);
  for (const sender of senders) sender.start();
  const results = await Promise.all(senders.map(({ finished }) => finished));
  cancelLimit();
  progress.stop();
  return tellSummary(output, summarize(results)) ? 0 : 1;
}

/** The accounts of this process. Refuses a file that cannot be read, names the line that is bad. */
export function readAccounts(
  options: Pick<SendAccountsOptions, 'file' | 'shard'>,
): readonly AccountLine[] {
  const { file, shard = { number: 1, count: 1 } } = options;
  const check = compileCheck(AccountLine);
  return textOf(file)
    .split('\n')
    .flatMap((text, index) => {
      if (text.trim() === '') return [];
      const value = parsedJson(text);
      if (!check.Check(value)) throw new Refusal('accountsFileBad', { file, line: index + 1 });
      return [value];
    })
    .filter((_, index) => index % shard.count === shard.number - 1);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw Object.assign(new Refusal('fileMissing', { file }), { cause });
  }
}

/** Counts for people once a second while something changes; outcomes for programs at once. */
function createProgress(context: CommandContext, accounts: number) {
  const { output, timers } = context;
  const connected = new Set<string>();
  const openings = new Set<string>();
  let isReadyTold = false;
  let [accepted, rejected, said] = [0, 0, ''];
  let cancel = timers.after(PROGRESS_MS, tick);

  function tick(): void {
    cancel = timers.after(PROGRESS_MS, tick);
    const counts = { connected: connected.size, accounts, accepted, rejected };
    const text = output.text('accountsProgress', counts);
    if (text !== said) output.line(text);
    said = text;
  }

  return {
    event(event: SenderEvent, account: string): void {
      if (event.event === 'accepted') accepted += 1;
      else if (event.event === 'rejected') rejected += 1;
      else if (event.event === 'connected') connected.add(account);
      else if (event.event === 'disconnected') connected.delete(account);
      else if (event.event === 'journal-failed') sayEvent(output, event, (id) => id);
      if (event.event === 'connected' && connected.size === accounts && !isReadyTold) {
        isReadyTold = true;
        output.data({ event: 'ready', connections: accounts });
      }
      if (event.event === 'connected' || isRepeated(event)) return;
      const data = eventData(event, account);
      if (data !== undefined) output.data(data);
    },
    stop: () => cancel(),
  };

  /** Every account hears of the same opening; once is enough. */
  function isRepeated(event: SenderEvent): boolean {
    if (event.event !== 'opening') return false;
    const key = `${event.clickDay} ${event.opensAtUs} ${event.isSuspended}`;
    if (openings.has(key)) return true;
    openings.add(key);
    return false;
  }
}
