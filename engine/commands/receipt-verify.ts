/**
 * `clickday receipt verify FILE…`: is a receipt genuine? Everything is worked out here, from the
 * file and the keys; with `--log` the gate's public log is read too. Exit status 0 when all are
 * genuine (and the log, if asked for, agrees), 1 when one is refused, 2 when nothing was checked.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { existingDirectory } from '#engine/store/index.ts';
import { outcomes } from '#protocol/outcomes.ts';
import {
  addHistory,
  evidenceWords,
  RECEIPT_BYTES_MAX,
  type ReadLog,
  readTrustedKeys,
  reasonWords,
  stepWords,
  type TrustedKeys,
  type Verdict,
  verifyReceipt,
} from '#protocol/receipt/index.ts';
import { readConfig, text } from '../config.ts';
import { emit, Refused, say } from './context.ts';
import { verificationKeysIn } from './verification-keys.ts';

interface Flags {
  readonly keys?: string;
  readonly data?: string;
  readonly log?: string;
  readonly json?: boolean;
}

const WRONG_USAGE = 2;
const ANSWER_MS_MAX = 10_000;
const KEYS_BYTES_MAX = 1_048_576;
const KEYS_PATH = '/api/verification-keys';
const LOG_PATH = '/v1/log/';

export async function receiptVerify(files: readonly string[], flags: Flags): Promise<void> {
  try {
    const keys = await trustedKeys(flags);
    const read = flags.log === undefined ? undefined : logReader(flags.log);
    const contents = files.map((file) => ({ file, bytes: startOf(file) }));
    for (const { file, bytes } of contents) {
      const verdict = await verdictOn(bytes, keys, read);
      if (flags.json) emit({ file, ...forPrograms(verdict) });
      else tell(file, verdict);
      if (!verdict.genuine) process.exitCode = 1;
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`error: ${error.code}: ${error.message}`);
    process.exitCode = WRONG_USAGE;
  }
}

async function verdictOn(bytes: Uint8Array, keys: TrustedKeys, read?: ReadLog): Promise<Verdict> {
  const verdict = await verifyReceipt(bytes, keys);
  return verdict.genuine && read !== undefined ? addHistory(verdict, keys, read) : verdict;
}

/** As much as can be a receipt, and a byte more. */
function startOf(file: string): Uint8Array {
  const bytes = new Uint8Array(RECEIPT_BYTES_MAX + 1);
  try {
    const opened = openSync(file, 'r');
    try {
      const read = (at: number) => readSync(opened, bytes, at, bytes.length - at, null);
      let length = 0;
      for (let got = -1; got !== 0; length += got) got = read(length);
      return bytes.subarray(0, length);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    throw new Refused('FILE_UNREADABLE', `${file}: ${(error as Error).message}`);
  }
}

/** Those named; else those of the data directory, when there is one. */
async function trustedKeys({ keys, data }: Flags): Promise<TrustedKeys> {
  if (keys !== undefined) {
    const document = /^https?:\/\//.test(keys) ? await fetchedKeys(keys) : await keysInFile(keys);
    const trusted = readTrustedKeys(document);
    if (trusted === undefined) throw new Refused('KEYS_UNREADABLE', `${keys} holds no such keys`);
    return trusted;
  }
  const path = text(readConfig({ data }), 'data');
  const directory = existingDirectory(path);
  const known = directory && readTrustedKeys(verificationKeysIn(directory));
  if (known?.seals.length) return known;
  throw new Refused('KEYS_MISSING', `${outcomes.KEYS_MISSING.en} (${path} holds none)`);
}

async function fetchedKeys(address: string): Promise<unknown> {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = KEYS_PATH;
  try {
    const bytes = await fetched(url);
    return JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()));
  } catch (error) {
    throw new Refused('KEYS_UNREADABLE', `${url}: ${(error as Error).message}`);
  }
}

async function keysInFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Refused('KEYS_UNREADABLE', `${path}: ${(error as Error).message}`);
  }
}

/** The log of the gate at `address`, whatever path stands behind it; `ws:` is taken too. */
function logReader(address: string): ReadLog {
  const http = address.replace(/^ws/, 'http');
  if (!URL.canParse(http)) throw new Refused('USAGE', `--log ${address} is no address`);
  const base = new URL(LOG_PATH, http);
  return async (path) => {
    try {
      return await fetched(new URL(path, base));
    } catch {
      return undefined; // told as a log that cannot be reached
    }
  };
}

/** The body, at most a megabyte; undefined when the answer is not a good one. */
async function fetched(url: URL): Promise<Uint8Array | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  if (!response.ok || response.body === null) return undefined;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    length += part.length;
    if (length > KEYS_BYTES_MAX) return undefined;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** For people: the verdict first, then what it rests on. */
function tell(file: string, verdict: Verdict): void {
  const mark = { true: '✓', false: '✗', null: '·' };
  const lines = [`${file}: ${verdict.genuine ? 'GENUINE' : 'REFUSED'} (${verdict.code})`];
  lines.push(`  ${outcomes[verdict.code].en}`);
  if (verdict.genuine) {
    const { protocol, stamp, uncertaintyUs, seq, gate, employer, worker } = verdict.facts;
    lines.push(`  ${protocol}, received ${stamp} ± ${uncertaintyUs} µs, number ${seq} at ${gate}`);
    lines.push(`  ${employer} for ${worker}`);
  } else lines.push(`  ${reasonWords[verdict.reason].en}`);
  for (const { step, ok, evidence } of verdict.steps) {
    lines.push(`  ${mark[`${ok}`]} ${stepWords[step].en}`);
    for (const { name, value } of evidence) lines.push(`      ${evidenceWords[name].en}: ${value}`);
  }
  say(lines.join('\n'));
}

/** Bytes as base64, texts for the code. */
function forPrograms(verdict: Verdict): object {
  const { it, en } = outcomes[verdict.code];
  if (!verdict.genuine) return { ...verdict, message: { it, en } };
  const { checkpoint, ...facts } = verdict.facts;
  const root = Buffer.from(checkpoint.root).toString('base64');
  return {
    ...verdict,
    message: { it, en },
    facts: { ...facts, checkpoint: { ...checkpoint, root } },
  };
}
