/**
 * An association sends from a program of its own: takes what is ready for the next click day,
 * waits for the opening, sends, and writes every outcome into a register of its own.
 *
 *   node mini-client/examples/association.ts PORTAL EMAIL FOLDER < password.txt
 *
 * FOLDER gets `prepared.json` (what is sent and with what), `journal.ndjson` (what happened) and
 * `register.csv` (application, title, outcome, protocol, stamp). Once it is prepared the portal may
 * be dead. Started again after a crash, a reboot or Ctrl-C it goes on where it was: what was
 * accepted stays as it is, nothing is sent twice to any effect. Status 0: all were accepted; 1: see
 * the register; 2: wrong usage.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type Application,
  createSender,
  journalFile,
  monotonicClock,
  nodeRandom,
  nodeTimers,
  openJournal,
  openSocket,
  Portal,
  replaceFile,
  type SenderEvent,
  type SenderResult,
} from 'clickday/mini-client';

const [url, email, folder] = process.argv.slice(2);
if (url === undefined || email === undefined || folder === undefined) {
  process.stderr.write('association.ts PORTAL EMAIL FOLDER < password.txt\n');
  process.exit(2);
}

/** What is ready for the next click day, and what it is sent with. Asked of the portal once. */
async function prepare(password: string) {
  const options = { url: url ?? '', language: 'it', fetch } as const;
  const { token = '' } = await new Portal(options).login({ email: email ?? '', password });
  const portal = new Portal({ ...options, token });
  const days = (await portal.clickDays()).filter(({ status }) => status !== 'closed');
  const ready = (await portal.applications()).filter(({ status }) => status === 'ready');
  const day = days
    .sort((one, other) => (one.opensAt < other.opensAt ? -1 : 1))
    .find(({ id }) => ready.some(({ clickDay }) => clickDay === id));
  if (day === undefined) throw new Error('nothing is ready for a click day to come');
  const applications = ready
    .filter(({ clickDay }) => clickDay === day.id)
    .sort((one, other) => ((one.readyAt ?? '') < (other.readyAt ?? '') ? -1 : 1));
  return { day, applications, gates: await portal.gates(), passbooks: await portal.passbooks() };
}

function tell(event: SenderEvent): void {
  if (event.event === 'connected') say(`connected to gate ${event.name}`);
  if (event.event === 'disconnected') say(`line lost, again in ${event.retryInMs} ms`);
  if (event.event === 'accepted') say(`accepted: ${event.message.protocol}`);
  if (event.event === 'rejected') say(`${event.application}: ${event.code} ${event.message}`);
}

function register(applications: readonly Application[], result: SenderResult): string {
  const accepted = new Map(
    result.accepted.map(({ application, message }) => [application, message]),
  );
  const rejected = new Map(result.rejected.map(({ application, code }) => [application, code]));
  const rows = applications.map(({ id, title }) => {
    const { protocol = '', stamp = '' } = accepted.get(id) ?? {};
    const outcome = protocol === '' ? (rejected.get(id) ?? 'OPEN') : 'ACCEPTED';
    return [id, title, outcome, protocol, stamp].map(quoted).join(',');
  });
  return ['application,title,outcome,protocol,stamp', ...rows, ''].join('\r\n');
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const file = join(folder, 'prepared.json');
if (!existsSync(file)) {
  const password = (await text(process.stdin)).trimEnd();
  replaceFile(file, JSON.stringify(await prepare(password)));
}
type Prepared = Awaited<ReturnType<typeof prepare>>;
const prepared = JSON.parse(readFileSync(file, 'utf8')) as Prepared;
const { day, applications } = prepared;
say(`${applications.length} applications for ${day.id}, which opens ${day.opensAt}`);

const sender = createSender({
  applications: applications.map(({ id }) => id),
  passbooks: prepared.passbooks,
  gates: prepared.gates,
  openings: new Map([[day.id, Date.parse(day.opensAt) * 1000]]),
  journal: openJournal(journalFile(join(folder, 'journal.ndjson'))),
  ...{ openSocket, clock: monotonicClock, timers: nodeTimers, random: nodeRandom },
  options: { client: 'association-example/1' },
  onEvent: tell,
});
process.once('SIGINT', () => sender.stop());
sender.start();
const result = await sender.finished;
replaceFile(join(folder, 'register.csv'), register(applications, result));
process.exitCode = result.accepted.length === applications.length ? 0 : 1;
