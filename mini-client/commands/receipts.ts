/**
 * `receipts`: fetches the PDF receipt of every accepted application in the journal.
 *
 * One that is there already is not fetched again, so an interrupted run goes on where it was; one
 * that is not ready is asked for again when the portal says, until `waitMs` is over.
 */
import { existsSync } from 'node:fs';
import { foldJournal } from '../core/index.ts';
import { replaceFile } from '../node/files.ts';
import { type Portal, PortalTrouble } from '../portal.ts';
import { type CommandContext, type ExitCode, portalOfSession } from './context.ts';

const RETRY_MS_DEFAULT = 2_000;
const RETRY_MS_MAX = 60_000;
/** Of the wait, so that many clients do not ask together. */
const JITTER_SHARE = 0.25;

export interface ReceiptsOptions {
  readonly clickDay?: string;
  /** How long to wait for receipts that are not ready; 0 asks once. */
  readonly waitMs: number;
}

type Fetched = { readonly kind: 'saved' | 'failed' } | { kind: 'pending'; retryAfterMs: number };

export async function receipts(
  context: CommandContext,
  options: ReceiptsOptions,
): Promise<ExitCode> {
  const { output, directory, clock } = context;
  const wanted = acceptedApplications(context, options.clickDay);
  if (wanted.length === 0) {
    output.say('receiptsNone');
    return 0;
  }
  const portal = portalOfSession(context);
  const untilUs = clock.nowUs() + options.waitMs * 1000;
  let left: readonly string[] = wanted.filter((id) => !isKept(context, id));
  const failed: string[] = [];
  while (left.length > 0) {
    const pending: string[] = [];
    let retryMs = 0;
    for (const id of left) {
      const fetched = await fetchReceipt(context, portal, id);
      if (fetched.kind === 'failed') failed.push(id);
      if (fetched.kind !== 'pending') continue;
      pending.push(id);
      retryMs = Math.max(retryMs, fetched.retryAfterMs);
    }
    left = pending;
    if (left.length === 0 || clock.nowUs() + retryMs * 1000 > untilUs) break;
    if (context.interrupted.aborted) break;
    const seconds = (retryMs / 1000).toFixed(1);
    output.say('receiptPending', { count: left.length, seconds });
    const jitterMs = context.random.integer(Math.ceil(retryMs * JITTER_SHARE) + 1);
    await context.pause(retryMs + jitterMs);
  }
  const saved = wanted.length - left.length - failed.length;
  output.say('receiptsSummary', { saved, total: wanted.length, path: directory.path });
  const [pending, total] = [left.length, wanted.length];
  output.data({ event: 'summary', saved, pending, failed: failed.length, total });
  return saved === total ? 0 : 1;
}

function acceptedApplications(
  { directory }: CommandContext,
  clickDay: string | undefined,
): readonly string[] {
  return [...foldJournal(directory.journal().read()).values()]
    .filter(({ accepted }) => accepted !== undefined)
    .filter((state) => clickDay === undefined || state.clickDay === clickDay)
    .map(({ application }) => application);
}

function isKept({ directory, output }: CommandContext, application: string): boolean {
  const path = directory.receiptPath(application);
  if (!existsSync(path)) return false;
  output.say('receiptKept', { path });
  output.data({ event: 'receipt', application, path, isNew: false });
  return true;
}

async function fetchReceipt(
  { directory, output }: CommandContext,
  portal: Portal,
  application: string,
): Promise<Fetched> {
  try {
    const path = directory.receiptPath(application);
    replaceFile(path, await portal.receipt(application));
    output.say('receiptSaved', { path });
    output.data({ event: 'receipt', application, path, isNew: true });
    return { kind: 'saved' };
  } catch (error) {
    if (!(error instanceof PortalTrouble)) throw error;
    if (mayHelpToWait(error)) return { kind: 'pending', retryAfterMs: retryMs(error) };
    const { code, message } = error;
    output.say('receiptFails', { id: application, message });
    output.data({ event: 'receipt-failed', application, code, message });
    return { kind: 'failed' };
  }
}

/** Not ready yet, too many requests, or a portal that is down for a while. */
function mayHelpToWait({ code, status }: PortalTrouble): boolean {
  return code === 'RECEIPT_PENDING' || status === 429 || status === 503 || status === 0;
}

function retryMs({ retryAfterMs }: PortalTrouble): number {
  return Math.min(retryAfterMs ?? RETRY_MS_DEFAULT, RETRY_MS_MAX);
}
