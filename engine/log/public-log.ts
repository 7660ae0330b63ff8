/**
 * The public log of a gate as the gate sees it: the last checkpoint, and tiles for whoever asks.
 * All work is done by a thread of its own; one that dies is an alarm and stops nobody.
 */
import { Worker } from 'node:worker_threads';
import type { Log } from '#engine/foundation/log.ts';
import type { WitnessAddress } from '#protocol/log/witness.ts';
import type { WitnessReport } from './cosigning.ts';
import type { LogPlaces } from './record.ts';
import type { LogTrouble } from './signed-log.ts';

export interface LogSettings {
  /** Of the ledger. */
  readonly path: string;
  readonly gate: string;
  readonly places: LogPlaces;
  /** The log's name when it has none yet. */
  readonly origin: string;
  /** Who is asked to cosign; none in most places. */
  readonly witnesses: readonly WitnessAddress[];
}

export interface LogRequest {
  readonly id: number;
  readonly tile: string;
  readonly acceptsGzip: boolean;
}

export interface LogAnswer {
  readonly kind: 'tile';
  readonly id: number;
  /** Missing: there is no such tile. */
  readonly bytes?: Uint8Array;
}

export interface LogReport {
  readonly kind: 'state';
  readonly verifierKeys: readonly string[];
  readonly trouble: LogTrouble | undefined;
  readonly checkpoint: string | undefined;
  readonly cosigned: string | undefined;
  readonly witnesses: readonly WitnessReport[];
}

export interface PublicLog {
  /** The note that is shown, with the cosignatures it has; undefined before there is one. */
  checkpoint(): string | undefined;
  /** The last note that a witness has cosigned; undefined: none has. */
  cosigned(): string | undefined;
  witnesses(): readonly WitnessReport[];
  /** Who verifies it, as `name+id+key`; empty before the thread has said so. */
  verifierKeys(): readonly string[];
  /** A tile's bytes, perhaps gzipped; undefined: there is none. 'busy': too many ask at once. */
  tile(path: string, acceptsGzip: boolean): Promise<Uint8Array | undefined | 'busy'>;
  /** Why nothing is signed; 'ENDED' when the thread is gone. */
  trouble(): LogTrouble | 'ENDED' | undefined;
  /** Signs what has come, and ends. */
  close(): Promise<void>;
}

/** Tiles that are asked for and not yet read. */
const ASKED_MAX = 64;

export function startPublicLog(settings: LogSettings & { readonly log: Log }): PublicLog {
  const { log, ...workerData } = settings;
  const worker = new Worker(new URL('./log-thread.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const asked = new Map<number, (bytes: Uint8Array | undefined) => void>();
  let state: LogReport = {
    ...{ kind: 'state', verifierKeys: [], trouble: undefined },
    ...{ checkpoint: undefined, cosigned: undefined, witnesses: [] },
  };
  let hasEnded = false;
  let next = 0;

  const hear = (report: LogReport) => {
    if (report.trouble !== state.trouble) {
      if (report.trouble === undefined) log.info('the public log is signed again');
      else log.error({ trouble: report.trouble }, 'the public log is not signed');
    }
    for (const { name, trouble } of report.witnesses) {
      const before = state.witnesses.find((witness) => witness.name === name)?.trouble ?? null;
      if (trouble === before) continue;
      if (trouble === null) log.info({ witness: name }, 'a witness cosigns again');
      else log.error({ witness: name, trouble }, 'a witness does not cosign the public log');
    }
    state = report;
  };
  const take = ({ id, bytes }: LogAnswer) => {
    asked.get(id)?.(bytes);
    asked.delete(id);
  };
  worker.on('message', (message: LogAnswer | LogReport) =>
    message.kind === 'tile' ? take(message) : hear(message),
  );
  worker.on('error', (error) => log.error({ error }, 'the public log ended: nothing is signed'));
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      hasEnded = true;
      for (const give of asked.values()) give(undefined);
      asked.clear();
      resolve();
    });
  });

  return {
    checkpoint: () => state.checkpoint,
    cosigned: () => state.cosigned,
    witnesses: () => state.witnesses,
    verifierKeys: () => state.verifierKeys,
    trouble: () => (hasEnded ? 'ENDED' : state.trouble),
    tile: async (tile, acceptsGzip) => {
      if (hasEnded) return undefined;
      if (asked.size >= ASKED_MAX) return 'busy';
      const id = next++;
      return new Promise((resolve) => {
        asked.set(id, resolve);
        worker.postMessage({ id, tile, acceptsGzip } satisfies LogRequest);
      });
    },
    close: () => {
      worker.postMessage('close');
      return ended;
    },
  };
}
