/**
 * `npm run test:import`: sends one spreadsheet of many applications to a real portal and judges
 * what came of it – the report must be right to the row, every valid row an application, the undo
 * complete – while somebody else reads their list the whole time. Prints how long each step took
 * and how long the portal's event loop was held, which must not be above a bound.
 *
 * Exit status 0 when all of that held, 1 when not, 2 for wrong usage.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ImportView } from '#protocol/imports-api.ts';
import { memberOf, organisationOf } from '#test/contract/organisation-world.ts';
import { type Caller, openWorld, type World } from '#test/contract/portal-world.ts';
import { sampleSheet, sheetBytes, uploadOf } from '#test/support/import-sheets.ts';

const HELP = `npm run test:import -- [--rows N] [--model CODE] [--kind xlsx|csv] [--late-ms N]

  --rows   applications in the file (default 5000); one in a hundred is wrong on purpose
  --model  of the applications (default B)
  --kind   of the file (default xlsx)
  --late-ms  what the event loop may be late by (default 50: nobody else uses the machine)

Exit status 0 when report, applications, undo and event loop were right, 1 when not, 2 for wrong
usage.
`;
const OPTIONS = {
  rows: { type: 'string', default: '5000' },
  model: { type: 'string', default: 'B' },
  kind: { type: 'string', default: 'xlsx' },
  'late-ms': { type: 'string', default: '50' },
  help: { type: 'boolean', default: false },
} as const;

const WRONG_EVERY = 100;
const READ_EVERY_MS = 20;
const POLL_MS = 100;
const STEP_MS_MAX = 600_000;
const AT_WORK = new Set(['checking', 'taking', 'undoing']);

interface Step {
  readonly name: string;
  readonly ms: number;
  /** The event loop late by, and answers to the other reader, in milliseconds. */
  readonly loop: { readonly p99: number; readonly max: number };
  readonly reads: { readonly count: number; readonly p99: number; readonly max: number };
}

/** Does it while `other` reads their list. */
async function measured(
  name: string,
  other: Caller,
  work: () => Promise<ImportView>,
): Promise<{ step: Step; view: ImportView }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const latencies: number[] = [];
  let isDone = false;
  const reading = (async () => {
    while (!isDone) {
      const from = performance.now();
      const { status } = await other.call('GET', '/api/applications');
      if (status !== 200) throw new Error(`the other reader was answered ${status}`);
      latencies.push(performance.now() - from);
      await sleep(READ_EVERY_MS);
    }
  })();
  delay.enable();
  const from = performance.now();
  const view = await work();
  const ms = performance.now() - from;
  delay.disable();
  isDone = true;
  await reading;
  latencies.sort((one, next) => one - next);
  const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  const loop = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
  return {
    step: { name, ms, loop, reads: { count: latencies.length, p99: at(0.99), max: at(1) } },
    view,
  };
}

/** Waits until nothing is worked on. */
async function settled(member: Caller, view: ImportView): Promise<ImportView> {
  for (let waited = 0; waited < STEP_MS_MAX; waited += POLL_MS) {
    const { body } = await member.call<ImportView>('GET', `/api/imports/${view.id}`);
    if (!AT_WORK.has(body.state)) return body;
    await sleep(POLL_MS);
  }
  throw new Error(`import ${view.id} was not done in time`);
}

async function play(world: World, wish: { rows: number; model: string; kind: 'xlsx' | 'csv' }) {
  const organisation = organisationOf(world, 'Patronato');
  await world.fixture({ accounts: 1, applications: 25 });
  const member = await memberOf(world, organisation, { email: 'a@p.example.it', role: 'preparer' });
  const other = await memberOf(world, organisationOf(world, 'Altro'), {
    ...{ email: 'b@q.example.it', role: 'reader' },
  });
  const sheet = sampleSheet(wish.model, wish.rows);
  sheet.rows.forEach((row, index) => {
    if (index % WRONG_EVERY === 0) row.workerBirthDate = '31/02/1980';
  });
  const wrong = Math.ceil(wish.rows / WRONG_EVERY);
  const bytes = await sheetBytes(sheet, wish.kind);
  const { body, headers } = await uploadOf(bytes, `domande.${wish.kind}`);
  const send =
    (method: string, path: string, content: unknown, more = {}) =>
    async () => {
      const { status, body: view } = await member.call<ImportView>(method, path, content, more);
      if (status >= 300) throw new Error(`${method} ${path} was answered ${status}`);
      return settled(member, view);
    };
  const path = `/api/imports?model=${wish.model}`;
  const checked = await measured('check', other, send('POST', path, body, headers));
  const applications = `/api/imports/${checked.view.id}/applications`;
  const taken = await measured('take over', other, send('POST', applications, { makeReady: true }));
  const { body: list } = await member.call<{ total: number }>('GET', '/api/applications');
  const undone = await measured('undo', other, send('DELETE', applications, undefined));
  const { body: after } = await member.call<{ total: number }>('GET', '/api/applications');
  const valid = wish.rows - wrong;
  const faults = [
    ...differs('rows checked', checked.view.rows.checked, wish.rows),
    ...differs('rows wrong', checked.view.rows.wrong, wrong),
    ...differs('rows made ready', taken.view.rows.ready, valid),
    ...differs('applications', list.total, valid),
    ...differs('applications after the undo', after.total, 0),
    ...differs('rows undone', undone.view.rows.undone, valid),
  ];
  return { steps: [checked.step, taken.step, undone.step], faults, bytes: bytes.length };
}

function differs(what: string, found: number, expected: number): string[] {
  return found === expected ? [] : [`${what}: ${found} instead of ${expected}`];
}

function line({ name, ms, loop, reads }: Step): string {
  const of = (value: number) => value.toFixed(1).padStart(7);
  return (
    `${name.padEnd(10)} ${(ms / 1000).toFixed(1).padStart(6)} s   event loop late by p99 ` +
    `${of(loop.p99)} max ${of(loop.max)} ms   ${reads.count} reads p99 ${of(reads.p99)} ` +
    `max ${of(reads.max)} ms`
  );
}

async function main(words: readonly string[]): Promise<number> {
  let values: { rows: string; model: string; kind: string; 'late-ms': string; help: boolean };
  try {
    ({ values } = parseArgs({ args: [...words], options: OPTIONS }));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { rows, model, kind, 'late-ms': lateMs } = values;
  const isNumber = (text: string) => /^[1-9]\d{0,4}$/.test(text);
  if (!isNumber(rows) || !isNumber(lateMs) || (kind !== 'xlsx' && kind !== 'csv')) {
    process.stderr.write(HELP);
    return 2;
  }
  const world = await openWorld();
  try {
    const { steps, faults, bytes } = await play(world, { rows: Number(rows), model, kind });
    process.stdout.write(`${rows} rows of model ${model}, ${kind}, ${bytes} bytes\n`);
    for (const step of steps) process.stdout.write(`${line(step)}\n`);
    const late = steps
      .filter(({ loop }) => loop.max > Number(lateMs))
      .map(({ name, loop }) => `${name}: event loop late by ${loop.max.toFixed(1)} ms`);
    for (const fault of [...faults, ...late]) process.stdout.write(`WRONG: ${fault}\n`);
    return faults.length + late.length === 0 ? 0 : 1;
  } finally {
    await world.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
