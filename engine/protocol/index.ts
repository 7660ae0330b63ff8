/** The door of the contract: every word that crosses a process boundary. */
export * from './calendar.ts';
export * from './canonical.ts';
export * from './entry.ts';
export * from './frames.ts';
export * from './outcomes.ts';
export * from './passbook.ts';
export * from './time.ts';
