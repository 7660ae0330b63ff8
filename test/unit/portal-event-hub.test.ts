/** The hub of open pages by itself: slices, bounds, pages that do not read, other processes. */
import { beforeEach, expect, it } from 'vitest';
import { type ManualTimers, manualClock, manualTimers } from '#engine/clock/index.ts';
import { createEventHub, type EventHub, type Listener } from '#engine/portal/events/hub.ts';
import type { Change } from '#engine/store/database/index.ts';

const FAR_US = 1e15;
let clock: ReturnType<typeof manualClock>;
let timers: ManualTimers;
let hub: EventHub;
let commit: (committed: readonly Change[] | null) => void;
let count: number;
let readings: number;
let outsideLooks: number;

beforeEach(() => {
  clock = manualClock({ nowUs: 1 });
  timers = manualTimers(clock);
  [count, readings, outsideLooks] = [0, 0, 0];
  hub = createEventHub({
    ...{ clock, timers, run: 'run', share: () => 0, breathe: () => undefined },
    limits: { streamsMax: 300, streamsPerAccountMax: 2 },
    readNews: (ids) => {
      readings += 1;
      return (id) => (ids.includes(id) ? JSON.stringify({ id }) : null);
    },
    changes: {
      onCommit: (listener) => {
        commit = listener;
        return () => undefined;
      },
      look: () => {
        outsideLooks += 1;
      },
      reading: () => {
        throw new Error('not here');
      },
      isUnchanged: () => true,
      count: () => count,
    },
  });
});

function page(id: string, more: Partial<Listener> = {}) {
  const heard: string[] = [];
  const state = { waitingBytes: 0, isEnded: false, isLive: true };
  hub.open(
    {
      caller: { id, role: 'applicant', office: null, organisation: null, member_role: null },
      untilUs: FAR_US,
      isLive: () => state.isLive,
      sink: {
        write: (text) => heard.push(text),
        waitingBytes: () => state.waitingBytes,
        end: () => {
          state.isEnded = true;
        },
      },
      ...more,
    },
    'run-0',
  );
  heard.length = 0;
  return { heard, state };
}

function change(topic: string, row: string, table = 'applications'): void {
  count += 1;
  commit([{ table, topic, row }]);
}

const applicationsIn = (heard: readonly string[]) => heard.join('').match(/data: .*/g) ?? [];

it('tells several changes of one application once, and the position with the last event', () => {
  const { heard } = page('anna');
  change('anna', 'a1');
  change('anna', 'a1');
  change('anna', 'a2');
  timers.runImmediates();
  expect(heard).toEqual([
    'event: application\ndata: {"id":"a1"}\n\nid: run-3\nevent: application\ndata: {"id":"a2"}\n\n',
  ]);
});

it('serves many pages in slices of the event loop, each application read once', () => {
  const pages = Array.from({ length: 300 }, (_, at) => page(`p${at}`));
  for (let at = 0; at < 300; at += 1) change(`p${at}`, 'shared');
  timers.runImmediates();
  const told = () => pages.filter(({ heard }) => heard.length > 0).length;
  expect(told()).toBeLessThan(100);
  expect(readings).toBe(1);
  for (let turn = 0; turn < 10; turn += 1) timers.runImmediates();
  expect(told()).toBe(300);
});

it('drops a page that does not read, and only that one', () => {
  const [slow, quick] = [page('anna'), page('bruno')];
  slow.state.waitingBytes = 70_000;
  change('anna', 'a1');
  change('bruno', 'b1');
  timers.runImmediates();
  expect([slow.state.isEnded, quick.state.isEnded]).toEqual([true, false]);
  expect(quick.heard).toHaveLength(1);
  expect(hub.status()).toMatchObject({ open: 1, dropped: 1 });
});

it('lets a page read anew instead of telling it very much at once', () => {
  const { heard } = page('anna');
  for (let at = 0; at < 200; at += 1) change('anna', `a${at}`);
  timers.runImmediates();
  expect(applicationsIn(heard)).toEqual(['data: {"withinMs":10000}']);
});

it('ends the page of a closed session with the commit, without a word', () => {
  const { heard, state } = page('anna');
  const other = page('anna');
  change('anna', 'a1');
  state.isLive = false;
  change('anna', 'anna', 'sessions');
  timers.runImmediates();
  expect([state.isEnded, other.state.isEnded]).toEqual([true, false]);
  expect(heard).toEqual([]);
  expect(other.heard).toHaveLength(1);
});

it('beats to every page within 20 seconds, ends those whose time is over, looks outside', () => {
  const here = page('anna');
  const over = page('bruno', { untilUs: 5_000_000 });
  timers.advance(20_000);
  expect(here.heard).toEqual([':\n\n']);
  expect(over.state.isEnded).toBe(true);
  expect(outsideLooks).toBe(40);
});

it('has everybody read anew, and asks for each whether they may, when another process wrote', () => {
  const [mine, gone] = [page('anna'), page('bruno')];
  gone.state.isLive = false;
  for (let times = 0; times < 5; times += 1) commit(null);
  timers.advance(5_000);
  timers.runImmediates();
  expect(mine.heard.join('').match(/event: reload/g)).toHaveLength(1);
  expect([gone.state.isEnded, gone.heard]).toEqual([true, []]);
});

it('refuses more pages than it may hold', () => {
  for (let at = 0; at < 300; at += 1) page(`p${at}`);
  expect(() => page('late')).toThrow('BUSY');
});
