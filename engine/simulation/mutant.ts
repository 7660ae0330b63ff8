/**
 * A mutant: one deliberate bug, put into a world by wrapping what is passed into the engine. The
 * engine itself has no switch for it. The list is in mutants.ts.
 */
import type { Clock, HostClock } from '#engine/clock/index.ts';
import type { LedgerWriter } from '#engine/ledger/index.ts';
import type { LogProofs } from '#engine/log/index.ts';
import type { LedgerSource, Register } from '#engine/register/index.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import type { DiskFlaws } from './disk.ts';

export interface Mutant {
  readonly name: string;
  /** What the bug is, in a sentence. */
  readonly bug: string;
  /** The code of the checker that is there for it; others may see it as well. */
  readonly seenBy: string;
  /** The gate's ledger. */
  readonly ledger?: (ledger: LedgerWriter, clock: Clock) => LedgerWriter;
  /** The gate's official clock. */
  readonly clock?: (clock: Clock, host: HostClock) => Clock;
  /** The gate asks only the server that lies most. */
  readonly believesLiar?: boolean;
  /** The gate believes its servers, whatever date and last reference say. */
  readonly ignoresDoubt?: boolean;
  /** The disks of the gates. */
  readonly gateDisk?: DiskFlaws;
  /** The disk of the register. */
  readonly registerDisk?: DiskFlaws;
  /** Immediates, and those that they ask for, run before the sockets are read. */
  readonly isLoopReversed?: boolean;
  /** The calendar as the gates get it. */
  readonly calendar?: (day: ClickDay) => ClickDay;
  /** A ledger as the registrar reads it. */
  readonly source?: (source: LedgerSource) => LedgerSource;
  /** The register as the receipts see it. */
  readonly receiptRegister?: (register: Register) => Register;
  /** The proofs as the receipts get them. */
  readonly proofs?: (proofs: LogProofs) => LogProofs;
  /** The portal stores how far it is before it has done the work. */
  readonly isCursorFirst?: boolean;
  /** A device's journal is told to be written before it is. */
  readonly isJournalLazy?: boolean;
  /** A device stops at its first lost connection. */
  readonly givesUp?: boolean;
}
