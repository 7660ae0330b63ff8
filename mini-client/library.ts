/**
 * The mini-client as a library, for programs of associations:
 *
 *   import { createSender, Portal, … } from 'clickday/mini-client';
 *
 * The core (`core/`) is the protocol client, a state machine over what it is given; the rest is
 * what Node gives it, and the portal's API. What stands here keeps its name and meaning; the files
 * behind it may move. `examples/association.ts` is a whole program.
 */

export * from './core/index.ts';
/** A journal, and a file replaced whole, that survive a power cut; for their owner only. */
export { journalFile, replaceFile } from './node/files.ts';
/** WebSockets; a clock that never jumps, timers that keep to it, jitter. */
export { openSocket } from './node/socket.ts';
export { monotonicClock, nodeRandom, nodeTimers } from './node/time.ts';
export type { Application, ClickDayView, PortalOptions, SessionAnswer } from './portal.ts';
/** Log-in by password or device code, applications, passbooks, gates, receipts. */
export { Portal, PortalTrouble } from './portal.ts';
