/** A process whose system date can be set while it runs (libfaketime), its monotonic clock not. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`,
);

export interface FakeDate {
  readonly environment: Readonly<Record<string, string>>;
  /** Sets the date to the true one and so many seconds. */
  set(aheadSeconds: number): void;
}

export function fakeDate(folder: string): FakeDate {
  const library = LIBRARIES.find(existsSync);
  if (library === undefined) throw new Error('libfaketime is missing: apt-get install faketime');
  const file = join(folder, 'date-offset');
  const set = (seconds: number) => {
    writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`);
  };
  set(0);
  return {
    set,
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  };
}
