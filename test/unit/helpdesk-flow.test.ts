/** The way of a ticket as a table, and how its number is read. */
import { expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { next, type TicketAction } from '#engine/portal/helpdesk/flow.ts';
import { newNumber, tidyNumber } from '#engine/portal/helpdesk/number.ts';
import { matchOf } from '#engine/portal/helpdesk/words.ts';
import type { TicketStatus } from '#protocol/helpdesk-api.ts';

const ACTIONS: readonly TicketAction[] = [
  ...(['accept', 'take', 'analyse', 'ask', 'give', 'answer', 'close', 'reopen', 'merge'] as const),
];

it.each<[TicketStatus, string]>([
  ['received', 'accept>accepted give>received close>closed merge>merged'],
  [
    'accepted',
    'take>in-charge analyse>analysis ask>waiting give>accepted answer>answered close>closed merge>merged',
  ],
  [
    'waiting',
    'take>waiting analyse>analysis ask>waiting give>analysis answer>answered close>closed merge>merged',
  ],
  [
    'answered',
    'take>answered analyse>analysis ask>waiting give>in-charge answer>answered close>closed merge>merged',
  ],
  ['closed', 'reopen>in-charge'],
  ['merged', ''],
])('lets what is %s become this and nothing else', (status, ways) => {
  const possible = ACTIONS.flatMap((action) => {
    const becomes = next(status, action);
    return becomes === undefined ? [] : [`${action}>${becomes}`];
  });
  expect(possible.join(' ')).toBe(ways);
});

it('reads a number however it is written, and nothing that is none', () => {
  const number = newNumber(seededRandom(1, { nowUs: () => 0 }));
  expect(tidyNumber(number)).toBe(number);
  expect(tidyNumber(` [#${number.toLowerCase().replace('-', ' ')}] `)).toBe(number);
  expect(tidyNumber('oil0-1234')).toBe('0110-1234');
  expect(tidyNumber('1234-567')).toBeUndefined();
  expect(tidyNumber('1234-567U')).toBeUndefined();
});

it('takes no word as syntax', () => {
  expect(matchOf('"rossi* OR (x) NEAR')).toBe('"rossi"* AND "OR" AND "x" AND "NEAR"*');
  expect(matchOf('Nicolò domandare ID1234567')).toBe('"Nicolo"* AND "domand"* AND "ID1234567"');
  expect(matchOf(' -* ')).toBeUndefined();
});
