/**
 * The door of the room `clock`: the official time of this process with a stated uncertainty, kept
 * by NTP or a local chrony on top of the monotonic clock, slewed and never set back; timers; and
 * their manual twins for tests and the simulation. Nobody outside this room calls `Date.now`,
 * `performance.now`, `setTimeout` or their kin. What the room does not do: set the system clock.
 */
export type { ClockAlarm, ClockAlarmCode } from './alarms.ts';
export { type ChronyOptions, chronySource } from './chrony-source.ts';
export type {
  Cancel,
  Clock,
  ClockReading,
  HostClock,
  Synchronisation,
  Timers,
} from './clock.ts';
export { createDisciplinedClock } from './discipline.ts';
export type {
  ClockStatus,
  DisciplinedClock,
  DisciplinedClockOptions,
  DisciplinedClockParts,
} from './disciplined-clock.ts';
export { systemClock, systemHostClock } from './host.ts';
export { type Reference, type ReferenceMemory, referenceFile } from './kept-reference.ts';
export {
  type ManualClock,
  type ManualHostClock,
  type ManualTimers,
  manualClock,
  manualHostClock,
  manualTimers,
} from './manual.ts';
export { type NtpServer, parseNtpServers } from './ntp-servers.ts';
export { type NtpSourceOptions, ntpSource } from './ntp-source.ts';
export type { ServerReport, SourceAnswer, SourceFailure, TimeSource } from './source.ts';
export { systemTimers } from './timers.ts';
