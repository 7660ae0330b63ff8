/**
 * What became of each application of a click day, from what the directory knows: the preparation,
 * the journal, the receipts (checked again, offline) and what the public logs said when they were
 * last read. Nobody is asked.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { TrustedKeys } from '#protocol/receipt/keys.ts';
import type { CommandContext } from '../commands/context.ts';
import { judgeReceipt } from '../commands/receipt-check.ts';
import { foldJournal, type JournalState } from '../core/index.ts';
import type { Prepared } from '../node/directory.ts';

export type SummaryOutcome = 'accepted' | 'rejected' | 'unanswered' | 'not-sent';

export interface SummaryRow {
  /** In the order of sending, from 1. */
  readonly number: number;
  readonly application: string;
  readonly title: string;
  readonly model: string;
  readonly outcome: SummaryOutcome;
  /** Of a refusal. */
  readonly code: string;
  readonly protocol: string;
  /** Over all gates, as the receipt has it; empty without one. */
  readonly place: number | '';
  /** Official time, UTC, and how far it is certain. */
  readonly stamp: string;
  readonly uncertaintyUs: number | '';
  readonly leafHash: string;
  /** Path of the file; empty when it is not here. */
  readonly receipt: string;
  /** `genuine`, `not-genuine`, `unchecked`; empty without a receipt. */
  readonly receiptCheck: string;
  /** `in-log`, `early`, `missing`; empty when no log was read. */
  readonly logCheck: string;
  /** E-mail address of the account that has prepared it. */
  readonly account: string;
}

/** One row an application, in the order of sending. */
export async function summaryRows(
  context: CommandContext,
  { applications, email }: Prepared,
): Promise<SummaryRow[]> {
  const states = foldJournal(context.directory.journal().read());
  const verdicts = context.directory.logVerdicts();
  const keys = context.directory.verificationKeys();
  const rows: SummaryRow[] = [];
  for (const [at, { id, title, model }] of applications.entries()) {
    const state = states.get(id);
    const what = { number: at + 1, application: id, title, model, account: email };
    const logCheck = verdicts[id] ?? '';
    const receipt = await receiptOf(context, id, { state, keys });
    rows.push({ ...what, ...outcomeOf(state), ...receipt, logCheck });
  }
  return rows;
}

function outcomeOf(state: JournalState | undefined) {
  const none = { protocol: '', stamp: '', uncertaintyUs: '', leafHash: '', code: '' } as const;
  if (state?.accepted !== undefined) {
    const { message, leafHash = '' } = state.accepted;
    const { protocol, stamp, uncertaintyUs } = message;
    return { outcome: 'accepted', protocol, stamp, uncertaintyUs, leafHash, code: '' } as const;
  }
  if (state?.rejected !== undefined) {
    return { ...none, outcome: 'rejected', code: state.rejected.code } as const;
  }
  const isSent = state !== undefined && state.sentCount > 0;
  return { ...none, outcome: isSent ? 'unanswered' : 'not-sent' } as const;
}

async function receiptOf(
  context: CommandContext,
  application: string,
  { state, keys }: { state: JournalState | undefined; keys: TrustedKeys | undefined },
): Promise<Pick<SummaryRow, 'receipt' | 'receiptCheck' | 'place'>> {
  const path = context.directory.receiptPath(application);
  if (state?.accepted === undefined || !existsSync(path)) {
    return { receipt: '', receiptCheck: '', place: '' };
  }
  // A receipt's proofs take some milliseconds: others have their turn in between.
  await context.pause(0);
  const finding = await judgeReceipt(context.output, readFileSync(path), state.accepted, keys);
  const { isGenuine, place = '' } = finding;
  const receiptCheck = isGenuine === null ? 'unchecked' : isGenuine ? 'genuine' : 'not-genuine';
  return { receipt: path, receiptCheck, place };
}
