/** What Node tells a self-test of this computer. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientClock } from '../core/index.ts';
import type { DiskFacts, SelfTestHost } from '../self-test/index.ts';
import { certificateOf } from './certificate.ts';
import type { ClientDirectory } from './directory.ts';
import { replaceFile } from './files.ts';
import { askNtp } from './ntp.ts';
import { readPower } from './power.ts';

const WRITES = 5;
const LINE_BYTES = 512;
const PROXY_NAMES = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
];

declare const __MINI_CLIENT_VERSION__: string | undefined;

/** @param parts.directory whose disk it is that must be written */
export function nodeSelfTestHost(parts: {
  readonly directory: ClientDirectory;
  readonly clock: ClientClock;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): SelfTestHost {
  const { directory, clock, environment } = parts;
  return {
    certificate: certificateOf,
    askNtp: (server) => askNtp(server, clock),
    disk: () => diskOf(directory.path, clock),
    power: () => readPower(process.platform),
    proxies: () =>
      PROXY_NAMES.flatMap((name) => {
        const value = environment[name];
        return value === undefined || value === '' ? [] : [`${name}=${withoutPassword(value)}`];
      }),
    build: ownBuild(),
    keepReceipt: (gate, pdf) => {
      const path = directory.receiptPath(`PROVA-${gate}`);
      replaceFile(path, pdf);
      return path;
    },
  };
}

/** Put in when the executable file is built. */
function ownBuild(): SelfTestHost['build'] {
  if (typeof __MINI_CLIENT_VERSION__ !== 'string') return undefined;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  return { version: __MINI_CLIENT_VERSION__, target: `${system}-${process.arch}` };
}

async function diskOf(path: string, clock: ClientClock): Promise<DiskFacts> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(path);
  const trial = join(path, 'self-test');
  const file = openSync(trial, 'w', 0o600);
  const tookMs: number[] = [];
  try {
    for (let write = 0; write < WRITES; write += 1) {
      const startedAtUs = clock.nowUs();
      writeSync(file, Buffer.alloc(LINE_BYTES, '.'));
      fdatasyncSync(file);
      tookMs.push((clock.nowUs() - startedAtUs) / 1000);
    }
  } finally {
    closeSync(file);
    rmSync(trial, { force: true });
  }
  const middle = tookMs.toSorted((a, b) => a - b)[Math.floor(WRITES / 2)] ?? 0;
  return { path, freeBytes: bavail * bsize, syncMs: middle };
}

/** A proxy's address may name who uses it; that is shown to nobody. */
function withoutPassword(value: string): string {
  return value.replace(/\/\/[^/@]*@/, '//');
}
