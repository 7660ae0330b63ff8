/**
 * The rehearsal is the proof people run themselves, so its verdict must be worth something: 0 when
 * a whole click day went through, 1 and a sentence when anything is missing, and nothing left.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '#bench/system.ts';
import { temporaryDirectory } from '#test/support/system.ts';

const MAIN = [process.execPath, '--disable-warning=ExperimentalWarning', 'engine/main.ts'];
/** What `npm run` does, from the sources in every process (see support/programs.ts). */
const AS_NPM_DOES = { start: ['sh', 'engine/launch.sh'], environment: { NODE_OPTIONS: '' } };

interface Played {
  readonly status: number | null;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly said: string;
  /** What is left of its directory afterwards. */
  readonly left: readonly string[];
}

/**
 * A rehearsal below a temporary directory of its own. `onSaid` hears everything it has told people
 * so far, each time it says more.
 */
async function rehearsed(
  words: readonly string[],
  onSaid: (said: string, child: ChildProcess) => void = () => {},
  { start, environment } = { start: MAIN, environment: {} },
): Promise<Played> {
  const directory = temporaryDirectory();
  const [file = '', ...rest] = [...start, 'rehearsal', '--json', ...words];
  const child = spawn(file, rest, {
    cwd: ROOT,
    env: { ...process.env, ...environment, TMPDIR: directory, CLICKDAY_NTP_SERVERS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  let said = '';
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    onSaid(said, child);
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const summary = JSON.parse(stdout || '{}') as Played['summary'];
  const left = readdirSync(directory).filter((name) => name.startsWith('clickday-'));
  return { status, summary, said, left };
}

/** Kills the child of `parent` whose words end in `ending`; Linux only. */
function killChild(parent: number, ending: string): boolean {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8');
  const pids = children.split(' ').filter(Boolean).map(Number);
  const pid = pids.find((one) => wordsOf(one).some((word) => word.endsWith(ending)));
  return pid !== undefined && process.kill(pid, 'SIGKILL');
}

function wordsOf(pid: number): string[] {
  const path = `/proc/${pid}/cmdline`;
  return existsSync(path) ? readFileSync(path, 'utf8').split('\0') : [];
}

describe('a rehearsal', () => {
  it('exits 0 when everything was accepted, receipted and verified', async () => {
    const words = ['--applications', '200', '--clients', '2', '--opens-in', '3'];
    const { status, summary, said, left } = await rehearsed(words, undefined, AS_NPM_DOES);
    expect(said).toContain('The click day succeeded.');
    expect(summary).toMatchObject({
      ok: true,
      applications: 201,
      accepted: 201,
      rejected: {},
      receipts: 201,
      violations: 0,
    });
    expect(summary.firstStampUs).toBeGreaterThanOrEqual(0);
    expect(status).toBe(0);
    expect(left).toEqual([]);
  });

  it('plays another call, from its directory alone', async () => {
    const words = ['--applications', '20', '--clients', '1', '--opens-in', '2'];
    const call = ['--models', 'docs/examples/bicycle-grant'];
    const { status, summary, said } = await rehearsed([...words, ...call]);
    expect(said).toContain('Bicycle grant of the municipality of Valdorata');
    expect(summary).toMatchObject({ ok: true, accepted: 21, receipts: 21, violations: 0 });
    expect(status).toBe(0);
  });

  it('exits 1 and says so when a mini-client dies before the opening', async () => {
    let isKilled = false;
    const words = ['--applications', '40', '--clients', '2', '--opens-in', '3'];
    const { status, summary, said, left } = await rehearsed(words, (soFar, child) => {
      // Everybody waits now: who is missing later is missing on the day.
      if (!isKilled && /The click day \S+ opens at/.test(soFar)) {
        isKilled = killChild(child.pid!, '/client-1');
      }
    });
    expect(isKilled).toBe(true);
    expect(said).toContain('a mini-client ended with 1');
    expect(said).toContain('The click day is NOT complete.');
    expect(said).toMatch(/^error: REHEARSAL_INCOMPLETE: something is missing, see above$/m);
    expect(said).not.toMatch(/^\s+at /m);
    // The other client and the family are not held up, and what they did is sound.
    expect(summary).toMatchObject({ ok: false, applications: 41, rejected: {}, violations: 0 });
    expect(summary.accepted).toBeGreaterThan(1);
    expect(summary.accepted).toBeLessThan(41);
    expect(summary.receipts).toBe(summary.accepted);
    expect(status).toBe(1);
    expect(left).toEqual([]);
  });

  it('ends at once with 1 when a mini-client dies before all of them wait', async () => {
    let isKilled = false;
    // Two accounts: a third mini-client would have nothing to wait for.
    const words = ['--applications', '8', '--clients', '3'];
    const { status, summary, said, left } = await rehearsed(words, (soFar, child) => {
      if (!isKilled && /waiting ░+ 0\/2/.test(soFar)) isKilled = killChild(child.pid!, '/client-2');
    });
    expect(isKilled).toBe(true);
    expect(said).toMatch(/^error: REHEARSAL_INCOMPLETE: a mini-client ended early with 1/m);
    expect(said).not.toContain('opens at');
    expect(said).not.toMatch(/^\s+at /m);
    expect({ status, summary, left }).toEqual({ status: 1, summary: {}, left: [] });
  });
});
