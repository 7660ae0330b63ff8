/**
 * The mini-client's core: the protocol client as a library.
 *
 *   const journal = openJournal(file);
 *   const sender = createSender({ applications, passbooks, gates, journal, openSocket, clock,
 *     timers, random, onEvent: (event) => … });
 *   sender.start();
 *   const { accepted, rejected, open } = await sender.finished;
 *
 * It reads no clock, opens no socket and touches no file by itself (`ports.ts`): Node's ones are in
 * `mini-client/node/`, a simulation brings its own. Several senders may run in one process; they
 * should share one journal and one `createGateClocks()`.
 */
export type { Lead } from './arrival.ts';
export { type CheckResult, type Light, verdictOf } from './check-result.ts';
export { leafHash } from './evidence.ts';
export {
  createGateClock,
  createGateClocks,
  type GateClock,
  type GateClocks,
} from './gate-clock.ts';
export { type GateProbe, probeGate } from './gate-probe.ts';
export {
  type AcceptedEvidence,
  foldJournal,
  type Journal,
  type JournalRecord,
  type JournalState,
  openJournal,
  readRecords,
} from './journal.ts';
export {
  checkLog,
  type EntryVerdict,
  type LoggedEntry,
  type LogVerdict,
} from './log-check.ts';
export { type OpenedPassbook, openPassbook } from './passbook-lines.ts';
export type {
  Cancel,
  ClientClock,
  ClientRandom,
  ClientSocket,
  ClientTimers,
  JournalFile,
  OpenSocket,
  SocketHandlers,
} from './ports.ts';
export { createSender } from './sender.ts';
export type {
  AcceptedOutcome,
  ClockFacts,
  Margin,
  RejectedOutcome,
  Sender,
  SenderEvent,
  SenderOptions,
  SenderResult,
  SenderTuning,
} from './sender-types.ts';
export { compileCheck, decodeGateFrame, parsedJson } from './wire-check.ts';
