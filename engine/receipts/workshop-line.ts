/**
 * The line between the queue of receipts and a workshop in another process. Both ends are here:
 *
 *     queue: workshopOver(…)                             workshop: serveWorkshop(…)
 *       look ───────────────────────────────────────────────►  takes in new checkpoints
 *            ◄─────────────────────────────── seen: proven numbers, troubles (as often as it moves)
 *       make ───────────────────────────────────────────────►  makes the receipts of one order
 *            ◄─────────────────────────────── made: the work    or unable: why there is none
 *
 * The other process is started with the first look or order and again after it died. Of the orders
 * it had when it died nothing is known, as when a thread dies. Before it was ready no receipt can
 * be to blame: then the order rejects, and is given again later.
 */
import type { Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { ProofTrouble } from './proof-source.ts';
import { NO_WORK, type Work, type WorkOrder, type Workshop } from './workshop.ts';

/** Messages in order, as a child process and its parent exchange them. */
export interface WorkshopLine {
  send(message: unknown): void;
  onMessage(hear: (message: unknown) => void): void;
  /** Once, when the other side is gone, with the reason. */
  onEnd(ended: (reason: string) => void): void;
  /** Ends the other side; resolves when it is gone. */
  end(): Promise<void>;
}

type Asked =
  | { readonly kind: 'look'; readonly gates: readonly string[] }
  | { readonly kind: 'make'; readonly call: number; readonly order: WorkOrder };

type Said =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'seen';
      readonly proven: ReadonlyMap<string, number>;
      readonly troubles: readonly ProofTrouble[];
      readonly isMore: boolean;
    }
  | { readonly kind: 'made'; readonly call: number; readonly work: Work }
  | { readonly kind: 'unable'; readonly call: number; readonly reason: string };

interface Call {
  readonly resolve: (work: Work) => void;
  readonly reject: (error: Error) => void;
}

interface OpenLine {
  readonly line: WorkshopLine;
  readonly ready: Promise<void>;
  readonly calls: Map<number, Call>;
  isLooking: boolean;
}

/** The workshop at the other end of `open()`, which starts it. */
export function workshopOver(options: {
  readonly bounds: Pick<Workshop, 'batchSize' | 'callsMax'>;
  readonly open: () => WorkshopLine;
}): Workshop {
  const proven = new Map<string, number>();
  let troubles: readonly ProofTrouble[] = [];
  let opened: OpenLine | undefined;
  let lastCall = 0;

  const hear = (one: OpenLine, said: Said): void => {
    if (said.kind === 'ready') return;
    if (said.kind === 'seen') {
      // A process that was started anew begins with nothing; what was proven can be proved again.
      for (const [gate, seq] of said.proven) proven.set(gate, Math.max(seq, proven.get(gate) ?? 0));
      troubles = said.troubles;
      one.isLooking = said.isMore;
      return;
    }
    const call = one.calls.get(said.call);
    one.calls.delete(said.call);
    if (said.kind === 'made') call?.resolve(said.work);
    else call?.reject(new Error(said.reason));
  };

  const start = (): OpenLine => {
    const line = options.open();
    const calls = new Map<number, Call>();
    const ready = new Promise<void>((resolve, reject) => {
      line.onMessage((message) => {
        if ((message as Said).kind === 'ready') resolve();
        else hear(one, message as Said);
      });
      line.onEnd((reason) => {
        if (opened === one) opened = undefined;
        reject(new Error(`the workshop of receipts did not start: ${reason}`));
        for (const { resolve: end } of calls.values()) end({ ...NO_WORK, died: reason });
      });
    });
    ready.catch(() => undefined); // who asks hears of it
    const one: OpenLine = { line, ready, calls, isLooking: false };
    return one;
  };
  const lineNow = (): OpenLine => {
    opened ??= start();
    return opened;
  };

  return {
    ...options.bounds,
    /** What it finds is heard of later. */
    look: () => {
      const one = lineNow();
      if (!one.isLooking)
        one.line.send({ kind: 'look', gates: [...proven.keys()] } satisfies Asked);
      one.isLooking = true;
      return false;
    },
    provenSeq: (gate) => {
      const seq = proven.get(gate);
      if (seq === undefined) proven.set(gate, 0);
      return seq ?? 0;
    },
    troubles: () => troubles,
    make: async (order) => {
      const one = lineNow();
      await one.ready;
      return new Promise<Work>((resolve, reject) => {
        lastCall += 1;
        one.calls.set(lastCall, { resolve, reject });
        one.line.send({ kind: 'make', call: lastCall, order } satisfies Asked);
      });
    },
    close: async () => opened?.line.end(),
  };
}

/** Serves `workshop` at the other end of `line`; a long look does not keep orders waiting. */
export function serveWorkshop(options: {
  readonly workshop: Workshop;
  readonly line: Pick<WorkshopLine, 'send' | 'onMessage'>;
  readonly timers: Pick<Timers, 'immediate'>;
  readonly log: Log;
}): void {
  const { workshop, line, timers, log } = options;
  const say = (said: Said) => line.send(said);
  const lookAgain = (): boolean => {
    try {
      return workshop.look();
    } catch (error) {
      log.error({ err: error }, 'the logs could not be looked at');
      return false;
    }
  };
  const look = (gates: readonly string[]): void => {
    const isMore = lookAgain();
    const proven = new Map(gates.map((gate) => [gate, workshop.provenSeq(gate)]));
    say({ kind: 'seen', proven, troubles: workshop.troubles(), isMore });
    if (isMore) timers.immediate(() => look(gates));
  };
  /** Who was started anew has looked at nothing yet, whatever the one before had proved. */
  const catchUp = async ({ items }: WorkOrder): Promise<void> => {
    const isProven = () => items.every(({ entry }) => entry.seq <= workshop.provenSeq(entry.gate));
    let isMore = true;
    while (isMore && !isProven()) {
      isMore = lookAgain();
      await new Promise<void>((resolve) => void timers.immediate(resolve));
    }
  };
  const make = async (call: number, order: WorkOrder): Promise<void> => {
    try {
      await catchUp(order);
      say({ kind: 'made', call, work: await workshop.make(order) });
    } catch (error) {
      say({ kind: 'unable', call, reason: String(error) });
    }
  };
  line.onMessage((message) => {
    const asked = message as Asked;
    if (asked.kind === 'look') look(asked.gates);
    else void make(asked.call, asked.order);
  });
  say({ kind: 'ready' });
}
