/**
 * `send`: submits what was prepared, by itself, from the first instant on, and ends when every
 * application has an outcome. It needs the gates only; the portal may be dead.
 */
import { usFromIso } from '#protocol/time.ts';
import {
  createSender,
  type GateClocks,
  type Margin,
  openJournal,
  type Sender,
  type SenderEvent,
} from '../core/index.ts';
import { createCountdown } from '../countdown.ts';
import type { Prepared } from '../node/directory.ts';
import { eventData, sayEvent, summarize, tellSummary } from '../report.ts';
import { type CommandContext, type ExitCode, gateAddresses, Refusal } from './context.ts';

/** Clients that start together do not connect together. */
const CONNECT_WITHIN_MS_MAX = 5_000;

export interface SendOptions {
  readonly clickDay?: string;
  /** Gates instead of those of the preparation. */
  readonly gates?: readonly string[];
  /** Ends after so long, with what is open left open. */
  readonly timeLimitMs?: number;
  /** Shared by the senders of one process; own ones when absent. */
  readonly gateClocks?: GateClocks;
  /** Whether somebody else tells how long it is to the opening. */
  readonly isSilentOnTime?: boolean;
  /** Hears everything that the sender tells, also what is not said on the command line. */
  readonly onEvent?: (event: SenderEvent) => void;
  /** How near to the opening; see `SenderTuning`. */
  readonly margin?: Margin;
}

export async function send(context: CommandContext, options: SendOptions): Promise<ExitCode> {
  const prepared = choosePrepared(context, options.clickDay);
  const code = await context.directory.alone(() => sendPrepared(context, prepared, options));
  if (code === undefined) throw new Refusal('sendBusy', { path: context.directory.path });
  return code;
}

async function sendPrepared(
  context: CommandContext,
  prepared: Prepared,
  options: SendOptions,
): Promise<ExitCode> {
  const { output, clock, timers, random, openSocket } = context;
  const titles = new Map(prepared.applications.map(({ id, title }) => [id, title]));
  const countdown = createCountdown({ output, clock, timers });
  const opensAtUs = usFromIso(prepared.clickDay.opensAt);
  const margined = options.margin === undefined ? {} : { margin: options.margin };
  const sender = createSender({
    applications: prepared.applications.map(({ id }) => id),
    passbooks: prepared.passbooks,
    gates: gateAddresses(options.gates ?? prepared.gates),
    openings: new Map([[prepared.clickDay.id, opensAtUs]]),
    journal: openJournal(context.directory.journal()),
    ...{ openSocket, clock, timers, random },
    ...(options.gateClocks !== undefined && { gateClocks: options.gateClocks }),
    options: { connectWithinMs: connectWithinMs(opensAtUs - context.wallNowUs()), ...margined },
    onEvent: (event) => {
      options.onEvent?.(event);
      if (options.isSilentOnTime !== true) countdown.event(event);
      sayEvent(output, event, (id) => titles.get(id) ?? id);
      const data = eventData(event);
      if (data !== undefined) output.data(data);
    },
  });
  output.say('sendStarts', { count: prepared.applications.length });
  const cancelLimit = limit(context, [sender], options.timeLimitMs);
  sender.start();
  const result = await sender.finished;
  cancelLimit();
  countdown.stop();
  return tellSummary(output, summarize([result])) ? 0 : 1;
}

/** A tenth of what is left, if this computer's clock is right; little in any case. */
function connectWithinMs(leftUs: number): number {
  return Math.min(Math.max(leftUs / 10_000, 0), CONNECT_WITHIN_MS_MAX);
}

/** Stops senders at an interruption or when the time is over; gives how to undo that. */
export function limit(
  context: CommandContext,
  senders: readonly Sender[],
  timeLimitMs: number | undefined,
): () => void {
  const stop = () => {
    for (const sender of senders) sender.stop();
  };
  context.interrupted.addEventListener('abort', stop);
  if (context.interrupted.aborted) stop();
  const cancel =
    timeLimitMs === undefined ? () => undefined : context.timers.after(timeLimitMs, stop);
  return () => {
    context.interrupted.removeEventListener('abort', stop);
    cancel();
  };
}

/** The day asked for, or the first prepared one that is not over. */
export function choosePrepared(context: CommandContext, wanted: string | undefined): Prepared {
  const all = context.directory.prepared();
  const nowUs = context.wallNowUs();
  const chosen =
    wanted === undefined
      ? (all.find(({ clickDay }) => usFromIso(clickDay.closesAt) > nowUs) ?? all.at(-1))
      : all.find(({ clickDay }) => clickDay.id === wanted);
  if (chosen === undefined) throw new Refusal('notPrepared');
  return chosen;
}
