/**
 * The program behind the local page on a directory of its own, without a browser: a fake portal and
 * a fake gate behind real sockets, with three applications of one account and a draft.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually } from '#test/support/processes.ts';
import type { CommandContext } from '../../mini-client/commands/context.ts';
import { ClientDirectory } from '../../mini-client/node/directory.ts';
import { openSocket } from '../../mini-client/node/socket.ts';
import { monotonicClock, nodeTimers, pause, wallNowUs } from '../../mini-client/node/time.ts';
import { Output } from '../../mini-client/output.ts';
import { PageProgram } from '../../mini-client/page/program.ts';
import type { Phase } from '../../mini-client/page/state.ts';
import {
  clickDay,
  createFakeGate,
  type FakeGate,
  fakePassbook,
  serveFakeGate,
  type Trouble,
} from './fake-gate.ts';
import {
  application,
  clickDayView,
  type FakePortal,
  PASSWORD,
  serveFakePortal,
} from './fake-portal.ts';

export const PAGE_DAY = '2011-01-31';
const LATER = '2011-02-02';
const HOUR_US = 3_600_000_000;
export const PAGE_IDS = [1, 2, 3].map((n) => `01J000000000000000000000A${n}`);
export const PAGE_DRAFT = '01J000000000000000000000B1';
/** Nobody waits for a random while. */
const atOnce = { integer: () => 0 };

export interface StartedPage {
  readonly program: PageProgram;
  /** Through which it has gone. */
  readonly phases: Phase[];
  readonly interrupt: AbortController;
}

export interface PageStage {
  readonly directory: string;
  readonly portal: FakePortal;
  readonly gate: FakeGate;
  /** What the gate does to a submission; nothing at first. */
  trouble: (id: string, attempt: number) => Trouble | undefined;
  /** The program on the stage's directory; interrupted it ends as by Ctrl-C. */
  start(): StartedPage;
  /** The same, with `a@example.org` logged in and the list there. */
  loggedIn(): Promise<StartedPage>;
  openNow(): void;
}

/** Gone after the test. */
export async function openPageStage(): Promise<PageStage> {
  const directory = mkdtempSync(join(tmpdir(), 'mini-client-'));
  const opensAtUs = monotonicClock.nowUs() + HOUR_US;
  const gate = createFakeGate({
    nowUs: monotonicClock.nowUs,
    after: (delayUs, fn) => setTimeout(fn, delayUs / 1000),
    clickDays: [clickDay(PAGE_DAY, opensAtUs, opensAtUs + HOUR_US)],
    onSubmit: (id, attempt) => stage.trouble(id, attempt),
  });
  const server = await serveFakeGate(gate);
  const portal = await serveFakePortal();
  portal.gates = [server.url];
  portal.clickDays = [
    clickDayView(PAGE_DAY, opensAtUs, opensAtUs + HOUR_US),
    clickDayView(LATER, opensAtUs + 48 * HOUR_US, opensAtUs + 49 * HOUR_US),
  ];
  portal.applications = [
    application(PAGE_DRAFT, null, 'draft'),
    ...PAGE_IDS.map((id) => application(id, PAGE_DAY)),
  ];
  portal.passbooks = [fakePassbook(PAGE_IDS, PAGE_DAY)];
  const running: AbortController[] = [];
  onTestFinished(async () => {
    for (const interrupt of running) interrupt.abort();
    portal.close();
    server.close();
    // A program that was interrupted may still be writing its last file.
    await eventually('removed', PATIENCE_MS, () => isRemoved(directory));
  });
  const start = () => {
    const started = startProgram(directory, portal.url);
    running.push(started.interrupt);
    return started;
  };
  const stage: PageStage = {
    ...{ directory, portal, gate, trouble: () => undefined, start },
    loggedIn: async () => {
      const started = start();
      const failure = await started.program.account.logIn(loginWords(portal));
      if (failure !== undefined) throw new Error(failure.message);
      await listed(started.program);
      return started;
    },
    openNow: () => {
      const nowUs = monotonicClock.nowUs();
      gate.setCalendar([clickDay(PAGE_DAY, nowUs, nowUs + HOUR_US)]);
    },
  };
  return stage;
}

export function loginWords({ url }: FakePortal, { email = 'a@example.org', totp = '' } = {}) {
  return { portal: url, email, password: PASSWORD, totp };
}

/** The list is there, and what is due is prepared. */
export async function listed(program: PageProgram): Promise<void> {
  const { directory } = program.model.state.program;
  await eventually('the list is there', PATIENCE_MS, () => {
    const { isListing, counts } = program.model.state;
    return !isListing && counts.chosen > 0;
  });
  await eventually(
    'it is prepared',
    PATIENCE_MS,
    () => new ClientDirectory(directory).prepared().length > 0,
  );
}

function startProgram(directory: string, portalUrl: string): StartedPage {
  const interrupt = new AbortController();
  const sink = { write: () => undefined };
  const context: CommandContext = {
    output: new Output({
      ...{ isJson: false, language: 'it', stdout: sink, stderr: sink, timers: nodeTimers },
    }),
    directory: new ClientDirectory(directory),
    ...{ language: 'it', portalUrl, environment: {}, fetch, openSocket, wallNowUs },
    pause,
    ...{ clock: monotonicClock, timers: nodeTimers, random: atOnce },
    interrupted: interrupt.signal,
  };
  const program = new PageProgram({
    ...{ context, version: '0.1.0', own: async () => ({ version: '0.1.0' }) },
    quit: () => interrupt.abort(),
  });
  const phases: Phase[] = [];
  // Not by events: what follows at once on one another leaves in one.
  const change = program.model.change.bind(program.model);
  program.model.change = (part) => {
    change(part);
    if (part.phase !== undefined && phases.at(-1) !== part.phase) phases.push(part.phase);
  };
  program.start();
  return { program, phases, interrupt };
}

function isRemoved(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false; // something was written meanwhile
  }
}
