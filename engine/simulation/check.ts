/**
 * The checkers: what must hold of every run, whatever went wrong in it. They trust nobody: they
 * read the bytes that the disks still have after the power is off, the journals, and what left each
 * machine at which true instant (evidence.ts).
 */
import { type LedgerReader, openLedgerReader, verifyLedger } from '#engine/ledger/index.ts';
import {
  openRegister,
  type Register,
  verifyReceipts,
  verifyRegister,
} from '#engine/register/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import { checkAcknowledgements } from './check-acknowledgements.ts';
import { checkDevices } from './check-devices.ts';
import { checkInstants } from './check-instants.ts';
import { checkProofs } from './check-proofs.ts';
import { createPortalStore } from './portal-store.ts';
import { SimulatedProcess } from './process.ts';
import type { Remains } from './world.ts';

/** A promise that was broken. `code` names the checker. */
export interface Broken {
  readonly code: string;
  readonly detail: string;
}

/** The stored bytes, as one who comes later finds them. */
export interface Stored {
  readonly ledgers: readonly LedgerReader[];
  readonly register: Register;
}

const CHECKS = [
  checkEnd,
  checkLedgers,
  checkRegister,
  checkProofs,
  checkPortal,
  checkAcknowledgements,
  checkInstants,
  checkDevices,
];

/** All that is wrong; empty as a rule. */
export function check(remains: Remains): Broken[] {
  const stored = openStored(remains);
  return CHECKS.flatMap((one) => {
    try {
      return one(remains, stored);
    } catch (error) {
      return [{ code: 'UNREADABLE', detail: String(error) }];
    }
  });
}

function openStored({ world, gates, portal }: Remains): Stored {
  const judge = new SimulatedProcess({
    ...{ name: 'judge', schedule: world.schedule, trace: world.trace },
    dice: world.dice.named('judge'),
    trueUs: (us) => us,
    onDeath: () => undefined,
  });
  const ledgers = gates
    .filter(({ disk }) => disk.exists())
    .map(({ name, disk }) =>
      openLedgerReader({
        ...{ path: name, gate: name },
        open: () => disk.open(judge, { readOnly: true }),
      }),
    );
  const open = () => portal.registerDisk.open(judge, { readOnly: true });
  return { ledgers, register: openRegister('register', { readOnly: true, open }) };
}

/** Everything comes to its end, and no process ended over an error of its own. */
function checkEnd({ isSettled, world, devices }: Remains): Broken[] {
  const broken = world.evidence.uncaught.map((detail) => ({ code: 'UNCAUGHT', detail }));
  if (isSettled) return broken;
  const open = devices.filter(({ isDone }) => !isDone).map(({ name }) => name);
  return [...broken, { code: 'NOT_SETTLED', detail: `without an end: ${open.join(', ')}` }];
}

/** The engine's own check of each ledger: numbers, stamps, window, one entry each, the tree. */
function checkLedgers({ clickDays }: Remains, { ledgers }: Stored): Broken[] {
  return ledgers.flatMap((reader) =>
    verifyLedger({ reader, clickDays }).violations.map(({ code, where, seq, detail }) => ({
      code,
      detail: `${where}/${seq}: ${detail}`,
    })),
  );
}

/** The register equals a fresh merge, and there is one receipt an entry. */
function checkRegister({ isSettled }: Remains, { ledgers, register }: Stored): Broken[] {
  const order = verifyRegister({ register, readers: ledgers });
  const receipts = verifyReceipts({ register, receipts: register.receipts });
  const broken: Broken[] = [...order.violations, ...receipts.violations].map(
    ({ code, place, message }) => ({ code, detail: `place ${place}: ${message}` }),
  );
  const pending = order.pending + receipts.pending;
  if (isSettled && pending > 0) broken.push({ code: 'REGISTER_BEHIND', detail: `${pending}` });
  return broken;
}

/** The portal was told of every place, once and for ever. */
function checkPortal({ world, portal, isSettled }: Remains, { register }: Stored): Broken[] {
  const broken: Broken[] = [];
  for (const { place, protocol } of world.evidence.applied) {
    const found = register.at(place);
    const now = found === undefined ? 'nothing' : protocolNumber(found.entry);
    if (now !== protocol && (isSettled || found !== undefined)) {
      broken.push({ code: 'PLACE_CHANGED', detail: `${place} was ${protocol} and is ${now}` });
    }
  }
  if (!isSettled) return broken;
  const store = createPortalStore(portal.portalDisk.open(undefined as never, { readOnly: true }));
  for (const { place, entry, duplicateOf } of register.iterate()) {
    if (duplicateOf !== null || store.submittedAt(entry.application) === place) continue;
    broken.push({ code: 'SUBMISSION_MISSED', detail: `${entry.application} at ${place}` });
  }
  return broken;
}
