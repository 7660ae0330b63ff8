/** Statistics of the desk, against tickets whose times are known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOURS_DEFAULT } from '#engine/portal/helpdesk-tools/hours/service.ts';
import { statisticsCsv } from '#engine/portal/helpdesk-tools/statistics/csv.ts';
import { periodOf } from '#engine/portal/helpdesk-tools/statistics/question.ts';
import { reckonStatistics } from '#engine/portal/helpdesk-tools/statistics/reckon.ts';
import type { TicketsTable } from '#engine/store/database/index.ts';
import { type Database, openDatabase, openDatabaseReader } from '#engine/store/database/index.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';

const MINUTE_US = 60_000_000;
/** Monday 17 January 2011, 09:00 in Rome: the desk opened an hour ago. */
const START_US = usFromIso('2011-01-17T08:00:00.000000Z');
const at = (minutes: number) => START_US + minutes * MINUTE_US;

let root: string;
let database: Database;
const path = () => join(root, 'clickday.sqlite');
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-statistics-'));
  database = openDatabase(path());
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true });
});

let count = 0;
function add(values: Partial<TicketsTable>): void {
  count += 1;
  const row = {
    ...{ id: `T${String(count).padStart(4, '0')}`, number: null, version: 1, account: null },
    ...{ organisation: null, office: null, contact_name: 'x', contact_email: null },
    ...{ contact_phone: null, channel: 'form', kind: 'technical', status: 'accepted' },
    ...{ language: 'it', subject: 'x', team: null, assignee: null, is_escalated: 0 },
    ...{ incident: null, merged_into: null, application: null, created_at_us: START_US },
    ...{ updated_at_us: START_US, accepted_at_us: null, first_response_at_us: null },
    ...{ first_response_due_us: at(240), solution_due_us: at(2 * 1440), waiting_since_us: null },
    ...{ answered_at_us: null, closed_at_us: null, closed_by: null, reopened: 0 },
    ...values,
  };
  database.run(database.build.insertInto('tickets').values(row));
}

function statistics(nowUs = at(60), period: { from?: string; until?: string } = {}) {
  const { edgesUs } = periodOf({ from: '2011-01-17', until: '2011-01-18', ...period }, nowUs);
  const reader = openDatabaseReader(path());
  try {
    return reckonStatistics(reader, { edgesUs, nowUs, hours: HOURS_DEFAULT });
  } finally {
    reader.close();
  }
}

it('tells working minutes until a first response, and the share in time', () => {
  for (const minutes of [10, 20, 30, 40, 300]) {
    add({ status: 'waiting', first_response_at_us: at(minutes) });
  }
  add({}); // not answered, and late by now
  add({ created_at_us: at(600), first_response_due_us: at(2000) }); // not yet known
  const { firstResponseMinutes, opened } = statistics(at(700));
  expect(firstResponseMinutes).toEqual({ p50: 30, p90: 300, withinTarget: 4 / 6 });
  expect(opened.filter((piece) => piece.count > 0)).toEqual([
    { at: isoFromUs(START_US), count: 6 },
    { at: isoFromUs(at(600)), count: 1 },
  ]);
});

it('does not count the night, nor the time in which the user was waited for', () => {
  // Came at 09:00, answered on Tuesday at 09:00: ten working hours.
  add({ status: 'answered', first_response_at_us: at(1440), answered_at_us: at(1440) });
  // The same, but two of its hours stood still: its due is two hours later.
  const dueLater = { solution_due_us: at(2 * 1440 + 120) };
  add({ ...dueLater, status: 'closed', answered_at_us: at(1440), closed_at_us: at(2000) });
  const { solutionMinutes, firstResponseMinutes } = statistics(at(1500));
  expect(firstResponseMinutes.p50).toBe(600);
  expect(solutionMinutes).toEqual({ p50: 480, p90: 600, withinTarget: 1 });
});

it('counts what is too late as such, and not what waits', () => {
  const due = { solution_due_us: at(30) };
  add({ ...due, status: 'answered', answered_at_us: at(60), first_response_at_us: at(10) });
  add({ ...due, status: 'analysis' });
  add({ ...due, status: 'waiting', first_response_at_us: at(10) });
  add({ ...due, status: 'merged' });
  add({ status: 'answered', answered_at_us: at(60), first_response_at_us: at(10) });
  const { solutionMinutes } = statistics(at(90));
  expect(solutionMinutes).toMatchObject({ p90: 1230, withinTarget: 1 / 3 });
});

it('groups what is open by its age, whenever it came', () => {
  const hours = (age: number) => ({ created_at_us: START_US - age * 60 * MINUTE_US });
  for (const age of [0, 2, 2, 30, 1000]) add(hours(age));
  add({ ...hours(2), status: 'waiting' });
  add({ ...hours(2), status: 'closed', closed_at_us: START_US });
  const { open, openByAge, closed, byChannel } = statistics(at(0), { until: '2011-01-17' });
  expect(open).toBe(6);
  expect(openByAge.map(({ count }) => count)).toEqual([1, 3, 0, 1, 0, 1]);
  expect(closed.find((piece) => piece.count > 0)?.at).toBe(isoFromUs(START_US));
  expect(byChannel).toEqual({ form: 5 }); // those of the same day
});

it('cuts few days into hours, many into days, also where the clock is changed', () => {
  const pieces = (from: string, until: string) =>
    periodOf({ from, until }, START_US).edgesUs.length - 1;
  expect(pieces('2011-03-27', '2011-03-27')).toBe(23);
  expect(pieces('2011-10-29', '2011-10-31')).toBe(73);
  expect(pieces('2011-10-28', '2011-10-31')).toBe(4);
  const refused = ['2010-01-01', '2011-02-30'].map((from) => () => periodOf({ from }, START_US));
  for (const ask of refused) expect(ask).toThrow('STATISTICS_RANGE');
});

it('leaves out of its pieces what lies outside, on the microsecond', () => {
  const day = usFromIso('2011-01-16T23:00:00.000000Z'); // midnight in Rome
  const end = usFromIso('2011-01-18T23:00:00.000000Z');
  for (const created_at_us of [day - 1, day, end - 1, end]) add({ created_at_us });
  const { opened } = statistics();
  expect(opened.map((piece) => piece.count).filter(Boolean)).toEqual([1, 1]);
  expect([opened[0]?.count, opened.at(-1)?.count]).toEqual([1, 1]);
});

it('is written as CSV with a line for each figure', () => {
  add({ reopened: 2 });
  const lines = statisticsCsv(statistics()).split('\r\n');
  expect(lines.slice(0, 3)).toEqual(['\uFEFFmeasure,of,value', 'open,,1', 'openByAge,under 1 h,0']);
  expect(lines).toContain('byKind,technical,1');
  expect(lines).toContain('reopened,,2');
  expect(lines).toContain('firstResponseMinutes,p50,');
});
