/** The door to everything on disk: paths, locks, LMDB. SQLite has its own door in database/. */
export * from './directory.ts';
export * from './epochs.ts';
export * from './files.ts';
export * from './format.ts';
export * from './lmdb.ts';
export * from './lock.ts';
export { isBegun, StoreDamaged } from './store-file.ts';
