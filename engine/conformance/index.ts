/** The door of the conformance kit: a gate as a client sees it, judged by docs/protocol.md. */
export { CHECKS } from './checks/index.ts';
export { createFakeDay, type FakeDay } from './client/day.ts';
export { CLIENT_RULES, judgeClient } from './client/rules.ts';
export { serveFakeDay } from './client/server.ts';
export { type CheckResult, type DayState, type KitParts, runChecks } from './kit.ts';
export { type Presented, readAccounts } from './papers.ts';
export { statesOf } from './states.ts';
