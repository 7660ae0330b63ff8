/**
 * Bits that flip and files that are cut short, at places a seed chooses, in the ledger's file and
 * in that of register and receipts. Each is either detected (by `verify`, or because what would
 * read it refuses or ends), or it is without effect: on a free page, or between the values. What
 * verify passes and reads differently would be missed, and there is none of that.
 */
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Book } from '#test/fault/stage/book.ts';
import {
  type ImageReader,
  type ImageVerdict,
  isDetected,
  openImageReader,
} from '#test/fault/stage/image-reader.ts';
import { judged } from '#test/fault/stage/judge.ts';
import { finished, startLoad } from '#test/fault/stage/load-client.ts';
import { openPortalStage, receiptsMade, startPortalStage } from '#test/fault/stage/portal-stage.ts';
import { type Chance, chanceOf } from '#test/fault/stage/random.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';

const FILES = {
  ledger: 'gates/g1/ledger/data.mdb',
  'register and receipts': 'register/data.mdb',
} as const;
type Name = keyof typeof FILES;

/** Every receipt was made before: one that is to be made is one that was lost. */
const NOTHING_PENDING = 0;

interface Tally {
  detected: number;
  died: number;
  harmless: number;
  readonly missed: string[];
  /** Read as good by who does not verify, and different. */
  readonly served: string[];
}

async function filled(play: Play) {
  const size = { accounts: 10, applications: play.isBrief ? 60 : 300 };
  const stage = await openPortalStage(play.scope, size);
  const system = await startPortalStage(play.scope, stage);
  const book = new Book(stage.opensAtUs);
  const url = `${system.gate}/v1/submissions`;
  const chance = chanceOf(play.seed);
  await finished(startLoad(stage.accounts, { url: () => url, book, chance }));
  const violations = await receiptsMade(stage.data, size.applications);
  await system.stop();
  const outcome = await judged(stage.data, book);
  return { stage, outcome: summed([outcome, { failures: violations }]) };
}

type Damage = (file: string, whole: Buffer) => string;

function flippedBit(chance: Chance): Damage {
  return (file, whole) => {
    const at = chance.integer(whole.length);
    const bit = chance.integer(8);
    const bytes = Buffer.from(whole);
    bytes[at] = bytes[at]! ^ (1 << bit);
    writeFileSync(file, bytes);
    return `bit ${bit} of byte ${at}`;
  };
}

function cutShort(chance: Chance): Damage {
  return (file, whole) => {
    const length = chance.integer(whole.length);
    writeFileSync(file, whole);
    truncateSync(file, length);
    return `cut to ${length} of ${whole.length} bytes`;
  };
}

async function damaged(of: {
  image: string;
  name: Name;
  count: number;
  damage: Damage;
  reader: ImageReader;
}): Promise<Tally> {
  const { image, name, reader } = of;
  const file = join(image, FILES[name]);
  const whole = readFileSync(file);
  const good = servedIn(await reader.read(image))!;
  const known = new Set(good);
  const tally: Tally = { detected: 0, died: 0, harmless: 0, missed: [], served: [] };
  for (let round = 0; round < of.count; round += 1) {
    // A new file each: a reader that died of the last one may have it mapped still.
    rmSync(file);
    const what = `${name}: ${of.damage(file, whole)}`;
    const verdict = await reader.read(image);
    const served = servedIn(verdict);
    if (!isDetected(verdict, NOTHING_PENDING)) {
      if (served !== undefined && isEqual(served, good)) tally.harmless += 1;
      else tally.missed.push(`${what}: ${JSON.stringify(verdict).slice(0, 200)}`);
      continue;
    }
    tally.detected += 1;
    if ('died' in verdict) tally.died += 1;
    if (served?.some((item) => !known.has(item))) tally.served.push(what);
  }
  writeFileSync(file, whole);
  return tally;
}

/** What readers were given; undefined when they were refused. */
function servedIn(verdict: ImageVerdict | { died: string }): string[] | undefined {
  if ('died' in verdict || 'refused' in verdict.served) return undefined;
  return verdict.served.items;
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

function told(words: string, tally: Tally): Partial<Outcome> {
  const { detected, died, harmless, missed, served } = tally;
  const rest = `${harmless} without effect, ${missed.length} missed`;
  return {
    rounds: detected + harmless + missed.length,
    notes: [`${words}: ${detected} detected (${died} by the end of the process), ${rest}`],
    failures: [
      ...missed.slice(0, 5).map((one) => `missed: ${one}`),
      ...served.slice(0, 5).map((one) => `served as good: ${one}`),
    ],
  };
}

async function play(play: Play): Promise<Outcome> {
  const { stage, outcome } = await filled(play);
  const image = join(stage.folder, 'image');
  cpSync(stage.data, image, { recursive: true });
  const reader = openImageReader(play.scope);
  const chance = chanceOf(play.seed);
  const flips = play.rounds ?? (play.isBrief ? 40 : 500);
  const parts: Partial<Outcome>[] = [outcome];
  for (const name of Object.keys(FILES) as Name[]) {
    play.say(`${flips} bits of the ${name}`);
    const base = { image, name, reader };
    const bits = await damaged({ ...base, count: flips, damage: flippedBit(chance) });
    const cuts = await damaged({ ...base, count: flips / 10, damage: cutShort(chance) });
    parts.push(told(`bits of the ${name}`, bits), told(`cuts of the ${name}`, cuts));
  }
  return summed(parts);
}

export const damagedFiles: Scenario = {
  name: 'damaged-files',
  title: 'a bit flips, or a file is cut short: ledger, register and receipts',
  play,
};
