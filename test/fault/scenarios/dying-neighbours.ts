/**
 * What dies beside a gate: the portal (kill -9), the threads that make receipts, the mail server.
 * While they die again and again, acknowledgements go on over connections that are never cut, from
 * the same process; afterwards every receipt is made and every mail has left once.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import type { RunningSystem } from '#bench/system.ts';
import { Book } from '#test/fault/stage/book.ts';
import { judged } from '#test/fault/stage/judge.ts';
import { finished, startLoad } from '#test/fault/stage/load-client.ts';
import { openPortalStage, receiptsMade, startPortalStage } from '#test/fault/stage/portal-stage.ts';
import { chanceOf } from '#test/fault/stage/random.ts';
import {
  type Outcome,
  type Play,
  roundsOf,
  type Scenario,
  summed,
} from '#test/fault/stage/scenario.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { childOfRole, eventually, pause } from '#test/support/processes.ts';

const ACCOUNTS = 20;

interface Neighbourhood {
  readonly system: RunningSystem;
  readonly book: Book;
}

/**
 * Runs a whole system under load; `harm` is done to it meanwhile. What the gate acknowledged must
 * all have its receipt in the end.
 */
async function beside(
  play: Play,
  harm: (around: Neighbourhood) => Promise<Partial<Outcome>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const applications = play.isBrief ? 200 : 2_000;
  const stage = await openPortalStage(play.scope, { accounts: ACCOUNTS, applications });
  const system = await startPortalStage(play.scope, stage, environment);
  const gate = childOfRole(system.pid, 'gate');
  const book = new Book(stage.opensAtUs);
  const url = `${system.gate}/v1/submissions`;
  const chance = chanceOf(play.seed);
  const clients = startLoad(stage.accounts, { url: () => url, book, chance, inFlight: 1 });
  const part = await harm({ system, book });
  await finished(clients);
  const violations = await receiptsMade(stage.data, applications);
  const cut = clients.filter(({ connections }) => connections !== 1).length;
  const failures = [
    ...violations.slice(0, 5),
    ...(cut > 0 ? [`${cut} connections to the gate were cut`] : []),
    ...(childOfRole(system.pid, 'gate') === gate ? [] : ['the gate is another process']),
  ];
  await system.stop();
  return summed([await judged(stage.data, book), part, { failures }]);
}

/** From the kill to the portal's next answer. */
async function portalAgain({ system }: Neighbourhood): Promise<number> {
  await eventually('there is a portal', PATIENCE_MS, () => !!childOfRole(system.pid, 'portal'), 10);
  process.kill(childOfRole(system.pid, 'portal')!, 'SIGKILL');
  const startMs = performance.now();
  const answers = () =>
    fetch(new URL('/health', system.portal)).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually('the portal answers again', PATIENCE_MS, answers);
  return Math.round(performance.now() - startMs);
}

async function killedPortal(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 1, full: 5 });
  return beside(play, async (around) => {
    const servingAgainMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) servingAgainMs.push(await portalAgain(around));
    return { rounds, servingAgainMs };
  });
}

const THREAD_DEATHS = new URL('../stage/pool-thread-deaths.ts', import.meta.url).href;

async function dyingThreads(play: Play): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-fault-'));
  play.scope.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const deaths = join(folder, 'deaths');
  writeFileSync(deaths, '');
  const outcome = await beside(play, async () => ({}), {
    NODE_OPTIONS: [process.env.NODE_OPTIONS, `--import=${THREAD_DEATHS}`].filter(Boolean).join(' '),
    TEST_THREAD_MS: '250',
    TEST_THREAD_DEATHS: deaths,
  });
  const rounds = readFileSync(deaths, 'utf8').split('\n').filter(Boolean).length;
  const failures = rounds > 0 ? [] : ['no thread died'];
  return summed([outcome, { rounds, failures, notes: [`${rounds} receipt threads died`] }]);
}

interface Postbox {
  readonly received: string[];
  open(): Promise<void>;
  close(): Promise<void>;
}

/** A mail server that can go and come back on its port. */
async function postboxOn(play: Play): Promise<Postbox & { url: string }> {
  const received: string[] = [];
  let port = 0;
  let server: SMTPServer | undefined;
  const open = () =>
    new Promise<void>((resolve) => {
      server = new SMTPServer({
        authOptional: true,
        disabledCommands: ['STARTTLS'],
        onData: (stream, session, done) => {
          stream.resume();
          stream.on('end', () => {
            received.push(session.envelope.rcptTo.map(({ address }) => address).join());
            done();
          });
        },
      });
      server.on('error', () => undefined);
      server.listen(port, '127.0.0.1', () => {
        port = (server!.server.address() as AddressInfo).port;
        resolve();
      });
    });
  const close = () =>
    new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
  await open();
  play.scope.onEnd(close);
  return { received, open, close, url: `smtp://127.0.0.1:${port}` };
}

const MAILS = 6;

async function goneMailServer(play: Play): Promise<Outcome> {
  const postbox = await postboxOn(play);
  const harm = async ({ system }: Neighbourhood): Promise<Partial<Outcome>> => {
    await postbox.close();
    for (let number = 0; number < MAILS; number += 1) await register(system, number);
    await pause(500);
    const early = postbox.received.length;
    await postbox.open();
    const all = () => postbox.received.length >= MAILS;
    await eventually('every mail has left', PATIENCE_MS, all);
    await pause(2_000); // long enough for a second copy, were there one
    const each = new Set(postbox.received);
    const isOnce = each.size === MAILS && postbox.received.length === MAILS;
    return {
      rounds: 1,
      notes: [`${MAILS} mails left once after the mail server was gone`],
      failures: isOnce && early === 0 ? [] : [`mails: ${postbox.received.join(', ')}`],
    };
  };
  return beside(play, harm, { CLICKDAY_SMTP_URL: postbox.url });
}

async function register(system: RunningSystem, number: number): Promise<void> {
  const response = await fetch(new URL('/api/registrations', system.portal), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(system.portal!).origin },
    body: JSON.stringify({ ...PERSON, email: `fault-${number}@example.org` }),
  });
  if (response.status !== 202) throw new Error(`no registration: ${await response.text()}`);
}

const PERSON = {
  givenName: 'Mario',
  familyName: 'Rossi',
  codiceFiscale: 'RSSMRA80A01H501U',
  language: 'it',
  privacyAccepted: true,
};

async function play(play: Play): Promise<Outcome> {
  const parts: Outcome[] = [];
  if (!play.isBrief) {
    play.say('the portal is killed'); // npm test: end-to-end/killed-processes.test.ts
    parts.push(await killedPortal(play));
  }
  play.say('the threads that make receipts die');
  parts.push(await dyingThreads(play));
  play.say('the mail server goes');
  parts.push(await goneMailServer(play));
  return summed(parts);
}

export const dyingNeighbours: Scenario = {
  name: 'dying-neighbours',
  title: 'beside the gate: portal killed, receipt threads die, mail server gone',
  play,
};
