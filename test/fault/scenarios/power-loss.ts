/**
 * Power loss: a real gate runs under load below strace, which writes down every byte that goes to
 * the ledger's file, every sync and every acknowledgement. Then the power goes at each of these
 * moments: the file is rebuilt as the disk may have it, with what no sync covers gone, there, or
 * torn by sectors, and is opened by the real reader and checked by `verify`. What had been
 * acknowledged must be in it, with its number and stamp; and nothing may be wrong with it.
 *
 * Two controls must fail: the same trace as if its syncs had no effect, and a gate whose store does
 * not sync.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DiskWrite, diskWrites, type Fate, imageAt } from '#test/fault/stage/disk-log.ts';
import { REAL_GATE } from '#test/fault/stage/gate-alone.ts';
import { type ImageReader, isDetected, openImageReader } from '#test/fault/stage/image-reader.ts';
import { chanceOf } from '#test/fault/stage/random.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import { ledgerFile } from '#test/fault/stage/strace.ts';
import { parseTrace } from '#test/support/trace.ts';
import { type Acknowledgement, judgeTrace } from '#test/support/trace-durability.ts';

const UNSAFE_GATE = ['test/support/unsafe-gate.ts'];
const CALLS = 'openat,lseek,pwrite64,writev,fdatasync,sendto';
const TEXT_BYTES_MAX = 4 * 1024 * 1024;

interface Log {
  readonly siege: Siege;
  readonly writes: (isSyncing: boolean) => DiskWrite[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** Moments at which the power may go: before and after every call on the disk. */
  readonly moments: readonly number[];
}

async function logged(play: Play, program: readonly string[], applications: number): Promise<Log> {
  const siege = new Siege(play, { accounts: 4, applications, inFlight: 2 });
  const { data, folder } = siege.stage;
  const trace = join(folder, 'trace');
  const words = ['-f', '-ttt', '-y', '-x', '-s', String(TEXT_BYTES_MAX), '-o', trace];
  const below = ['strace', ...words, '-e', `trace=${CALLS}`];
  const gate = await siege.gate({ below, program });
  await Promise.all(siege.clients.map((client) => client.finished));
  await gate.stop();
  const calls = parseTrace(readFileSync(trace, 'latin1'));
  const file = ledgerFile(data);
  const { acknowledgements } = judgeTrace(calls.map(readable), file);
  const ofFile = calls.filter((call) => call.file === file && call.name !== 'lseek');
  const moments = ofFile.flatMap(({ beganAt, endedAt }) => [beganAt + 0.5, endedAt + 0.5]);
  return {
    siege,
    acknowledgements,
    moments: [...new Set(moments)].sort((a, b) => a - b),
    writes: (isSyncing) => diskWrites(calls, file, isSyncing),
  };
}

/** The texts of what went to sockets, for the judge of traces. */
function readable<Call extends { name: string; words: string }>(call: Call): Call {
  if (call.name !== 'sendto') return call;
  const words = call.words.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return { ...call, words };
}

interface Loss {
  images: number;
  lost: number;
  /** Images that are refused although nothing had been acknowledged yet. */
  unborn: number;
  readonly failures: string[];
}

async function powerLost(of: {
  log: Log;
  writes: readonly DiskWrite[];
  reader: ImageReader;
  fates: (moment: number) => readonly Fate[];
}): Promise<Loss> {
  const { log, writes, reader } = of;
  const loss: Loss = { images: 0, lost: 0, unborn: 0, failures: [] };
  const image = join(log.siege.stage.folder, 'image');
  for (const moment of log.moments) {
    const told = log.acknowledgements.filter(({ leftAt }) => leftAt < moment);
    for (const fate of of.fates(moment)) {
      layImage(image, log.siege.stage.data, imageAt(writes, moment, fate));
      const verdict = await reader.read(image);
      loss.images += 1;
      const places = 'served' in verdict && 'places' in verdict.served ? verdict.served.places : [];
      const at = new Map(places.map((place) => [place.application, place]));
      const gone = told.filter(({ application, seq, stamp }) => {
        const place = at.get(application);
        return place?.seq !== seq || place.stamp !== stamp;
      });
      loss.lost += gone.length;
      if (!isDetected(verdict)) continue;
      if (told.length === 0) loss.unborn += 1;
      else loss.failures.push(`at ${moment}: ${JSON.stringify(verdict).slice(0, 300)}`);
    }
  }
  return loss;
}

/** The directory as it is, with another ledger file and without its lock. */
function layImage(image: string, data: string, bytes: Buffer): void {
  rmSync(image, { recursive: true, force: true });
  mkdirSync(join(image, 'gates/g1/ledger'), { recursive: true });
  mkdirSync(join(image, 'register'));
  cpSync(join(data, 'notice'), join(image, 'notice'), { recursive: true });
  writeFileSync(ledgerFile(image), bytes);
}

/** The writes that were seen are all there were: they give the file as the gate left it. */
function isTrue(log: Log): boolean {
  const rebuilt = imageAt(log.writes(true), Number.POSITIVE_INFINITY, 'all');
  return rebuilt.equals(readFileSync(ledgerFile(log.siege.stage.data)));
}

async function play(play: Play): Promise<Outcome> {
  const reader = openImageReader(play.scope);
  const [applications, torn] = play.isBrief ? [6, 1] : [40, play.rounds ?? 4];
  const chance = chanceOf(play.seed);
  const log = await logged(play, REAL_GATE, applications);
  const seeds: Fate[] = Array.from({ length: torn }, () => chance);
  play.say(`the power goes at ${log.moments.length} moments, ${seeds.length + 2} images of each`);
  const fates = () => ['none', 'all', ...seeds] as const;
  const real = await powerLost({ log, writes: log.writes(true), reader, fates });
  const dropping = { log, reader, fates: () => ['none'] as const };
  const dropped = await powerLost({ ...dropping, writes: log.writes(false) });
  const unsafe = await logged(play, UNSAFE_GATE, applications);
  const without = await powerLost({ ...dropping, log: unsafe, writes: unsafe.writes(true) });
  const told = log.acknowledgements.length;
  return summed([
    {
      rounds: real.images,
      acknowledged: told,
      lost: real.lost,
      failures: [
        ...real.failures.slice(0, 5),
        ...(isTrue(log) ? [] : ['the trace does not give the file that is there']),
        ...(told === log.siege.book.acknowledged.size ? [] : ['the trace misses answers']),
        ...(dropped.lost > 0 ? [] : ['syncs without effect were not noticed']),
        ...(without.lost > 0 ? [] : ['a store that does not sync was not noticed']),
      ],
      notes: [
        `${log.moments.length} moments; ${real.unborn} images of a ledger not yet begun`,
        `controls: ${dropped.lost} lost without effect of syncs, ${without.lost} without syncs`,
      ],
    },
  ]);
}

export const powerLoss: Scenario = {
  name: 'power-loss',
  title: 'the power goes at every moment of the disk: images with all, none or torn of the rest',
  play,
};
