/**
 * The mini-client's page without a browser: starts the program, enters with its token as the page
 * does, follows its events and presses its buttons. From the sources, or as one executable file.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from '#bench/system.ts';

const SOURCES = ['--disable-warning=ExperimentalWarning', 'mini-client/program.ts'];
const LOOK_MS = 50;

/** What the program tells of itself; only what is looked at here. */
export interface ToldState {
  readonly phase: string;
  readonly isListing: boolean;
  readonly checks: { readonly isRunning: boolean };
  readonly connection: { readonly isUp: boolean };
  readonly counts: { readonly chosen: number; readonly accepted: number };
  readonly receipts: { readonly isFetching: boolean; readonly kept: number };
  readonly log: { readonly lines: readonly { readonly verdict: string }[] };
}

export interface DrivenPage {
  readonly pid: number;
  /** As a button of the page; rejects when it is refused. */
  press(path: string, body: object): Promise<Record<string, unknown>>;
  /** A file of the program, read to its end; its length in bytes. */
  open(path: string): Promise<number>;
  /** Waits until the program tells a state for which `is` holds. */
  until(what: string, withinMs: number, is: (state: ToldState) => boolean): Promise<void>;
  /** Ends the program by its button; the exit status. */
  stop(): Promise<number | null>;
}

/** `program` undefined: the sources. */
export async function drivePage(directory: string, program?: string): Promise<DrivenPage> {
  const [file, words] = program === undefined ? [process.execPath, SOURCES] : [program, []];
  const page = ['page', '--no-open', '--json', '--directory', directory];
  const child = spawn(file, [...words, ...page], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const { address } = JSON.parse(String(value)) as { address: string };
    const door = await enter(new URL(address));
    const told = follow(door);
    const press = (path: string, body: object) => post(door, path, body);
    return {
      ...{ pid: child.pid ?? 0, press },
      open: async (path) => {
        const answer = await fetch(new URL(path, door.origin), { headers: door.headers });
        return (await answer.arrayBuffer()).byteLength;
      },
      until: (what, withinMs, is) => until(told, { what, withinMs, is }),
      stop: async () => {
        await press('/api/stop', {});
        return ended;
      },
    };
  } catch (cause) {
    child.kill('SIGKILL');
    throw cause;
  }
}

interface Door {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function enter({ origin, hash }: URL): Promise<Door> {
  const headers = { origin, 'content-type': 'application/json' };
  const answer = await fetch(new URL('/api/enter', origin), {
    ...{ method: 'POST', headers, body: JSON.stringify({ token: hash.slice(1) }) },
  });
  const { key } = (await answer.json()) as { key: string };
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { origin, headers: { ...headers, cookie, 'x-clickday-page': key } };
}

async function post({ origin, headers }: Door, path: string, body: object) {
  const answer = await fetch(new URL(path, origin), {
    ...{ method: 'POST', headers, body: JSON.stringify(body) },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}

/** The state told last, kept up as the page keeps it. */
function follow({ origin, headers }: Door): { state: ToldState | undefined } {
  const told: { state: ToldState | undefined } = { state: undefined };
  const read = async () => {
    const { body } = await fetch(new URL('/api/events', origin), { headers });
    let text = '';
    for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
      const events = (text + piece).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, json] = /^event: state\ndata: (.*)$/.exec(event) ?? [];
        if (json !== undefined) told.state = JSON.parse(json) as ToldState;
      }
    }
  };
  // The stream ends with the program.
  void read().catch(() => undefined);
  return told;
}

async function until(
  told: { readonly state: ToldState | undefined },
  wish: { what: string; withinMs: number; is: (state: ToldState) => boolean },
): Promise<void> {
  const tooLateMs = performance.now() + wish.withinMs;
  while (told.state === undefined || !wish.is(told.state)) {
    if (performance.now() > tooLateMs) {
      throw new Error(`not in time: ${wish.what}; ${JSON.stringify(told.state)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
