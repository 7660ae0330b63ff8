/**
 * The mini-client's command line in the process of a test, with a fake portal and a fake gate
 * behind real sockets: what every test of its commands starts from. Call `openMiniClientStage`
 * before each test and its `close` after it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../../mini-client/cli.ts';
import { monotonicClock } from '../../mini-client/node/time.ts';
import {
  clickDay,
  createFakeGate,
  type FakeGate,
  fakePassbook,
  serveFakeGate,
} from './fake-gate.ts';
import {
  application,
  clickDayView,
  type FakePortal,
  PASSWORD,
  serveFakePortal,
} from './fake-portal.ts';

export const STAGE_DAY = '2011-01-31';
export const STAGE_IDS = [1, 2, 3].map((n) => `01J000000000000000000000A${n}`);
const OPENS_IN_US = 400_000;
const HOUR_US = 3_600_000_000;

export interface Ran {
  readonly code: number;
  readonly lines: Record<string, unknown>[];
  readonly said: string;
}

export interface MiniClientStage {
  readonly directory: string;
  readonly portal: FakePortal;
  readonly gate: FakeGate;
  readonly opensAtUs: number;
  cli(argv: readonly string[], stdin?: string): Promise<Ran>;
  /** Logs in, as the account of that name where one is given. */
  login(account?: string): Promise<Ran>;
  close(): void;
}

/** Three applications are due on a day that opens in 0.4 s. */
export async function openMiniClientStage(): Promise<MiniClientStage> {
  const directory = mkdtempSync(join(tmpdir(), 'mini-client-'));
  const portal = await serveFakePortal();
  const opensAtUs = monotonicClock.nowUs() + OPENS_IN_US;
  const gate = createFakeGate({
    nowUs: monotonicClock.nowUs,
    after: (delayUs, fn) => setTimeout(fn, delayUs / 1000),
    clickDays: [clickDay(STAGE_DAY, opensAtUs, opensAtUs + HOUR_US)],
  });
  const server = await serveFakeGate(gate);
  portal.gates = [server.url];
  portal.clickDays = [clickDayView(STAGE_DAY, opensAtUs, opensAtUs + HOUR_US)];
  portal.applications = STAGE_IDS.map((id) => application(id, STAGE_DAY));
  portal.passbooks = [fakePassbook(STAGE_IDS, STAGE_DAY)];
  const cli = (argv: readonly string[], stdin = '') =>
    runCli({ argv, stdin, directory, portalUrl: portal.url });
  return {
    ...{ directory, portal, gate, opensAtUs, cli },
    login: (account) => {
      const whose = account === undefined ? [] : ['--account', account];
      const words = ['login', '--email', 'a@example.org', '--password-stdin', ...whose];
      return cli(words, `${PASSWORD}\n`);
    },
    close: () => {
      portal.close();
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function runCli(options: {
  argv: readonly string[];
  stdin: string;
  directory: string;
  portalUrl: string;
}): Promise<Ran> {
  const { argv, stdin, directory, portalUrl } = options;
  const kept = { out: '', err: '' };
  const sink = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        kept[name] += String(chunk);
        done();
      },
    });
  const code = await run({
    argv: [...argv, '--json', '--directory', directory],
    environment: { CLICKDAY_PORTAL_URL: portalUrl },
    stdin: Readable.from([stdin]),
    ...{ stdout: sink('out'), stderr: sink('err') },
    interrupted: new AbortController().signal,
  });
  const lines = kept.out.split('\n').filter((line) => line.startsWith('{'));
  return { code, lines: lines.map((line) => JSON.parse(line)), said: kept.err };
}
