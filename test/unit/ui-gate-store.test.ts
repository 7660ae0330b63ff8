/** The control room reads a gate's health, whatever it lacks. */
import { expect, it } from 'vitest';
import type { ClockAlarmCode } from '#engine/clock/index.ts';
import type { PublicLog } from '#engine/log/index.ts';
import { gateReasons, gateState } from '../../admin-ui/src/features/admin/gate-reasons.ts';
import { gateStore } from '../../admin-ui/src/features/admin/gate-store.ts';
import { gateSentence, gateTexts } from '../../admin-ui/src/features/admin/gate-texts.ts';
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

type LogTrouble = NonNullable<ReturnType<PublicLog['trouble']>>;

/** All that a gate can say, kept whole by the compiler. */
const CODES = {
  ...({ NOT_WRITABLE: true, MEMORY_SHORT: true } as const),
  ...({ WITNESS_CONTRADICTED: true, WITNESS_MISSING: true } as const),
  NOT_SYNCHRONISED: true,
  HOLDOVER: true,
  UNCERTAINTY_HIGH: true,
  NO_MAJORITY: true,
  SERVER_OUTVOTED: true,
  SYSTEM_DATE_DIFFERS: true,
  REFERENCE_DOUBTED: true,
  SYSTEM_DATE_STEPPED: true,
  REFERENCE_JUMPED: true,
  SIGNED_OTHERWISE: true,
  ROOT_DIFFERS: true,
  LEDGER_DAMAGED: true,
  RECORD_UNWRITABLE: true,
  ENDED: true,
} satisfies Record<ClockAlarmCode | LogTrouble, true>;

it('has a sentence in both languages for everything that a gate can say', () => {
  const known = Object.keys(CODES).sort();
  for (const language of ['it', 'en'] as const) {
    const { other: _other, ...texts } = gateTexts[language];
    expect(Object.keys(texts).sort()).toEqual(known);
    for (const code of known) expect(gateSentence(language, 'g7', code)).toContain('g7');
  }
  expect(gateSentence('en', 'g7', 'NEW_CODE')).toContain('NEW_CODE');
});

it('tells a gate that lets nobody new in from one that is silent', () => {
  expect(gateState({ status: 'ok', alarm: true })).toBe('up');
  expect(gateState({ status: 'degraded', isWritable: false })).toBe('degraded');
  expect(gateState({ status: 'unreachable' })).toBe('silent');
  expect(gateState(null)).toBe('silent');
});

it('reads every reason, the gravest first, and none from what says none', () => {
  const health = {
    ...{ isWritable: false, memory: { isShort: true } },
    log: {
      trouble: 'ENDED',
      witnesses: [{ trouble: 'UNREACHABLE' }, { trouble: null }, { trouble: 'CONTRADICTED' }, 7],
    },
    clock: { alarms: [{ code: 'REFERENCE_DOUBTED', detail: '' }, { code: 7 }, null] },
  };
  const reasons = [
    ...['NOT_WRITABLE', 'MEMORY_SHORT', 'REFERENCE_DOUBTED', 'ENDED'],
    ...['WITNESS_CONTRADICTED', 'WITNESS_MISSING'],
  ];
  const well = { log: { trouble: null, witnesses: [{ trouble: null }] } };
  expect(gateReasons(well)).toEqual([]);
  expect(gateReasons(health)).toEqual(reasons);
  for (const nothing of [null, 'up', {}, { clock: { alarms: 'x' }, log: { trouble: null } }]) {
    expect(gateReasons(nothing)).toEqual([]);
  }
});
