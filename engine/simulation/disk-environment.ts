/** The simulated disk in the form in which the engine knows its store. */
import type { Environment, Key, RangeOptions, Table } from '#engine/store/index.ts';
import type { DiskTable } from './disk-table.ts';
import type { SimulatedProcess } from './process.ts';

/** A value put, or with `value` undefined taken away. */
export interface Operation {
  readonly table: string;
  readonly key: Key;
  readonly value: Buffer | undefined;
}

/** What an environment needs of its disk. */
export interface DiskAccess {
  tableOf(name: string): DiskTable;
  write(table: string, key: Key, value: Buffer | undefined): void;
  transaction(process: SimulatedProcess, work: () => void): Promise<void>;
}

export function createEnvironment(disk: DiskAccess, process: SimulatedProcess): Environment {
  return {
    table: (name) => tableOver(disk, name) as never,
    transaction: (work) => disk.transaction(process, work),
    transactionSync: () => {
      throw new Error('a simulated disk is never waited for in place');
    },
    refresh: () => undefined,
    close: () => Promise.resolve(),
  };
}

function tableOver(disk: DiskAccess, name: string): Table<Key> {
  const table = () => disk.tableOf(name);
  return {
    get: (key) => table().get(key),
    put: (key, value) => disk.write(name, key, Buffer.from(value)),
    append: (key, value) => {
      table().mustFollow(key);
      disk.write(name, key, Buffer.from(value));
    },
    remove: (key) => {
      if (table().get(key) !== undefined) disk.write(name, key, undefined);
    },
    range: function* (options?: RangeOptions<Key>) {
      for (const key of table().keys(options)) yield { key, value: table().get(key) as Buffer };
    },
    keys: (options) => table().keys(options),
    last: () => table().last(),
    count: () => table().count(),
  };
}
