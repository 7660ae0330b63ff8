/**
 * The thread of the public log: follows the ledger from the disk, signs at least once a second
 * while entries arrive, asks the witnesses to cosign, and answers whoever asks for a tile, five
 * steps nicer than the gate. While entries arrive faster than it may read (pace.ts) it signs what
 * it has come to.
 * Started by public-log.ts.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { systemClock, systemHostClock, systemTimers } from '#engine/clock/index.ts';
import { assert } from '#engine/foundation/assert.ts';
import { sha256 } from '#engine/foundation/note-signing.ts';
import { openLedgerReader } from '#engine/ledger/index.ts';
import { replaceFile } from '#engine/store/index.ts';
import { consistencyProof } from '#protocol/log/proof.ts';
import { isoFromUs } from '#protocol/time.ts';
import { createCosigning } from './cosigning.ts';
import { loadOrCreateLogKeys, verifierKeysIn } from './keys.ts';
import { restMs } from './pace.ts';
import type { LogAnswer, LogReport, LogRequest, LogSettings } from './public-log.ts';
import { lastCosigned } from './record.ts';
import { createSignedLog } from './signed-log.ts';
import { readTile } from './tiles.ts';
import { httpPost } from './witness-post.ts';

/** Each signature is a file that is synced, on the disk that the ledger needs. */
const SIGN_EVERY_MS = 500;
const NICE = 5;

const { path, gate, places, origin, witnesses } = workerData as LogSettings;
const port = parentPort;
assert(port !== null, 'this is a thread of the public log and no program');
setPriority(NICE); // of this thread: on Linux 0 is the caller's own
const timers = systemTimers();
const host = systemHostClock();
const monotonicMs = () => host.monotonicUs() / 1000;
const at = isoFromUs(systemClock().nowUs());
const keys = loadOrCreateLogKeys(places.keys, { origin, at });
const ledger = openLedgerReader({ path, gate });
const log = createSignedLog({ ledger, keys, places });
const verifierKeys = verifierKeysIn(places.keys);
const closing = new AbortController();
const cosigning = createCosigning({
  witnesses,
  post: httpPost(timers, closing.signal),
  proof: (from, size) => consistencyProof((...at) => log.tree.subtree(...at), from, size, sha256),
  monotonicMs,
  signed: log.checkpoint(),
  cosigned: lastCosigned(places),
  keep: keepCosigned,
  onChange: report,
});
const isWitnessed = witnesses.length > 0;
let trouble: LogReport['trouble'];
let signedAtMs = Number.NEGATIVE_INFINITY;
let told = '';

function step(): void {
  const startMs = monotonicMs();
  const before = log.seen();
  const isWhole = log.step();
  const stepMs = monotonicMs() - startMs;
  if (startMs >= signedAtMs + SIGN_EVERY_MS) {
    trouble = sign();
    signedAtMs = startMs;
  }
  offer();
  report();
  const behind = isWhole ? 0 : log.seen() - log.tree.size;
  const isGrowing = log.seen() > before;
  const rest = restMs({ stepMs, behind, isGrowing, mayBeSigned: log.mayBeSigned() });
  cancel = rest > 0 ? timers.after(rest, step) : timers.immediate(step);
}

/** What the tree has not reached yet after a start, it can prove nothing about. */
function offer(): void {
  const note = log.checkpoint();
  const canProve = log.mayBeSigned() && log.refusal() === undefined;
  if (isWitnessed && canProve && note) cosigning.step(note);
}

function report(): void {
  const report: LogReport = {
    ...{ kind: 'state', verifierKeys, trouble: log.refusal() ?? trouble },
    checkpoint: isWitnessed ? cosigning.shown() : log.checkpoint(),
    ...{ cosigned: cosigning.cosigned(), witnesses: cosigning.reports() },
  };
  const text = JSON.stringify(report);
  if (text !== told) port?.postMessage(report);
  told = text;
}

/** For the next start, and for backups. */
function keepCosigned(note: string): void {
  try {
    replaceFile(places.cosigned, note);
  } catch {
    return; // It is shown from memory; of a disk without room the record of the signing tells.
  }
}

/** A disk without room is no end: it is tried again in the next step. */
function sign(): LogReport['trouble'] {
  try {
    log.sign();
    return undefined;
  } catch {
    return 'RECORD_UNWRITABLE';
  }
}

function answer({ id, tile, acceptsGzip }: LogRequest): LogAnswer {
  try {
    const bytes = readTile(tile, { tree: log.tree, ledger, size: log.tree.size });
    if (bytes === undefined) return { kind: 'tile', id };
    return { kind: 'tile', id, bytes: acceptsGzip ? gzipSync(bytes) : bytes };
  } catch {
    // A page that cannot be read is served to nobody; the scrubber and the signer tell of it.
    return { kind: 'tile', id };
  }
}

let cancel = timers.immediate(step);
port.on('message', (request: LogRequest | 'close') => {
  if (request !== 'close') return port.postMessage(answer(request));
  cancel();
  closing.abort();
  // What arrived last is signed as well: the close of a day is in a checkpoint.
  while (!log.step());
  sign();
  void ledger.close().then(() => port.close());
});
