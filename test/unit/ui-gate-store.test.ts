/** The control room reads a gate's health, whatever it lacks. */
import { expect, it } from 'vitest';
import { gateStore } from '../../admin-ui/src/features/admin/gate-store.ts';
import { adminTexts } from '../../admin-ui/src/features/admin/texts.ts';

it('reads damage, room and the last reading again', () => {
  const health = {
    ...{ status: 'ok', alarm: true, roomEntries: 1234, isRoomLow: true },
    ledger: { damaged: [{ page: 64 }], scrub: { passes: 1, lastPassAtUs: 5, progress: 0.5 } },
  };
  expect(gateStore(health)).toEqual({
    ...{ damaged: 1, isRoomLow: true, roomEntries: 1234, reReadAtUs: 5 },
  });
});

it.each([
  undefined,
  null,
  'up',
  {},
  { status: 'unreachable' },
  { ledger: null, roomEntries: null },
])('has nothing to tell of %j', (health) => {
  expect(gateStore(health)).toEqual({
    ...{ damaged: 0, isRoomLow: false, roomEntries: null, reReadAtUs: null },
  });
});

it('says what is wrong and what to do, in both languages', () => {
  expect(adminTexts.it.ledgerDamaged('g1', 2)).toContain('ripristina da una copia integra');
  expect(adminTexts.en.ledgerDamaged('g1', 2)).toContain('restore from a copy that is whole');
  expect(adminTexts.it.roomLow('g1', 123_456)).toContain('123.456');
  expect(adminTexts.en.roomLow('g1', 123_456)).toContain('123,456');
});
