/**
 * The workshop of receipts as the portal sees it: a process of its own, started when there is a
 * receipt to make, so that what it does (facts, proofs, pages, seals, and the collector behind all
 * of it) takes no time from who serves people, and only what the gate leaves of the processors.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Log } from '#engine/foundation/log.ts';
import {
  type PoolOptions,
  poolBounds,
  type SealMaterial,
  type Workshop,
  type WorkshopLine,
  workshopOver,
} from '#engine/receipts/index.ts';
import { type Config, environmentOf, text } from '../config.ts';

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url));
/** A receipt may come a minute later, an acknowledgement may not. */
const NICE = 19;

/** The first message: what the workshop must not read from a file of its own. */
export interface WorkshopBegin {
  readonly seal: SealMaterial;
  readonly pool: PoolOptions;
}

export function receiptsWorkshop(
  config: Config,
  { seal, log }: { readonly seal: SealMaterial; readonly log: Log },
): Workshop {
  const pool = poolOptions(config);
  return workshopOver({
    bounds: poolBounds(pool),
    open: () => {
      const child = spawn(process.execPath, [...process.execArgv, PROGRAM, 'process', 'receipts'], {
        env: environmentOf(config),
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        serialization: 'advanced',
      });
      if (child.pid !== undefined) setPriority(child.pid, NICE);
      child.send({ seal, pool } satisfies WorkshopBegin);
      return lineTo(child, log);
    },
  });
}

function lineTo(child: ChildProcess, log: Log): WorkshopLine {
  let isEnding = false;
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`its process ended (${signal ?? code})`));
    child.once('error', (error) => resolve(String(error)));
  });
  return {
    send: (message) => {
      if (child.connected) child.send(message as object);
    },
    onMessage: (hear) => void child.on('message', hear),
    onEnd: (ended) =>
      void gone.then((reason) => {
        if (!isEnding) log.error({ reason }, 'the workshop of receipts is gone');
        ended(reason);
      }),
    end: async () => {
      isEnding = true;
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function poolOptions(config: Config): PoolOptions {
  const threads = Number(text(config, 'receiptThreads'));
  return threads === 0 ? {} : { threads };
}
