/**
 * `receipts`: fetches the PDF receipt of every accepted application in the journal, and checks each
 * against the portal's published keys: exit status 1 also when one is not genuine.
 *
 * One that is there already is not fetched again, so an interrupted run goes on where it was; one
 * that is not ready is asked for again when the portal says, until `waitMs` is over.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { TrustedKeys } from '#protocol/receipt/keys.ts';
import { type AcceptedEvidence, foldJournal } from '../core/index.ts';
import { replaceFile } from '../node/files.ts';
import { growSparingly } from '../node/memory.ts';
import { type Portal, PortalTrouble } from '../portal.ts';
import { tenths } from '../words.ts';
import { type CommandContext, type ExitCode, portalOfSession } from './context.ts';
import { judgeReceipt, keepKeys } from './receipt-check.ts';

const RETRY_MS_DEFAULT = 2_000;
const RETRY_MS_MAX = 60_000;
/** Of the wait, so that many clients do not ask together. */
const JITTER_SHARE = 0.25;

export interface ReceiptsOptions {
  readonly clickDay?: string;
  /** How long to wait for receipts that are not ready; 0 asks once. */
  readonly waitMs: number;
}

type Keys = TrustedKeys | undefined;
type Fetched =
  | { readonly kind: 'saved' | 'bad' | 'failed' }
  | { kind: 'pending'; retryAfterMs: number };

export async function receipts(
  context: CommandContext,
  options: ReceiptsOptions,
): Promise<ExitCode> {
  const { output, directory, clock } = context;
  growSparingly();
  const wanted = acceptedApplications(context, options.clickDay);
  if (wanted.length === 0) {
    output.say('receiptsNone');
    return 0;
  }
  const portal = portalOfSession(context);
  const untilUs = clock.nowUs() + options.waitMs * 1000;
  let left = wanted.filter(({ application }) => !existsSync(directory.receiptPath(application)));
  if (left.length > 0) await keepKeys(context, portal);
  const keys = directory.verificationKeys();
  let bad = 0;
  for (const accepted of wanted) {
    if (!left.includes(accepted) && !(await tellKept(context, accepted, keys))) bad += 1;
  }
  let failed = 0;
  while (left.length > 0) {
    const pending: AcceptedEvidence[] = [];
    let retryMs = 0;
    for (const accepted of left) {
      const fetched = await fetchReceipt(context, { portal, keys }, accepted);
      if (fetched.kind === 'failed') failed += 1;
      if (fetched.kind === 'bad') bad += 1;
      if (fetched.kind !== 'pending') continue;
      pending.push(accepted);
      retryMs = Math.max(retryMs, fetched.retryAfterMs);
    }
    left = pending;
    if (left.length === 0 || clock.nowUs() + retryMs * 1000 > untilUs) break;
    if (context.interrupted.aborted) break;
    const seconds = tenths(retryMs / 1000);
    output.say('receiptPending', { count: left.length, seconds });
    const jitterMs = context.random.integer(Math.ceil(retryMs * JITTER_SHARE) + 1);
    await context.pause(retryMs + jitterMs);
  }
  const saved = wanted.length - left.length - failed;
  output.say('receiptsSummary', { saved, total: wanted.length, path: directory.path });
  const [pending, total] = [left.length, wanted.length];
  output.data({ event: 'summary', saved, pending, failed, bad, total });
  return saved === total && bad === 0 ? 0 : 1;
}

function acceptedApplications(
  { directory }: CommandContext,
  clickDay: string | undefined,
): readonly AcceptedEvidence[] {
  return [...foldJournal(directory.journal().read()).values()]
    .filter((state) => clickDay === undefined || state.clickDay === clickDay)
    .flatMap(({ accepted }) => accepted ?? []);
}

/** Checks and tells one that is there already; false when it is not what it should be. */
async function tellKept(
  context: CommandContext,
  accepted: AcceptedEvidence,
  keys: Keys,
): Promise<boolean> {
  const path = context.directory.receiptPath(accepted.application);
  return tellSaved(context, { accepted, path, isNew: false, bytes: readFileSync(path), keys });
}

async function fetchReceipt(
  context: CommandContext,
  { portal, keys }: { readonly portal: Portal; readonly keys: Keys },
  accepted: AcceptedEvidence,
): Promise<Fetched> {
  const { directory, output } = context;
  const { application } = accepted;
  try {
    const path = directory.receiptPath(application);
    const bytes = await portal.receipt(application);
    replaceFile(path, bytes);
    const isGood = await tellSaved(context, { accepted, path, isNew: true, bytes, keys });
    return { kind: isGood ? 'saved' : 'bad' };
  } catch (error) {
    if (!(error instanceof PortalTrouble)) throw error;
    if (mayHelpToWait(error)) return { kind: 'pending', retryAfterMs: retryMs(error) };
    const { code, message } = error;
    output.say('receiptFails', { id: application, message });
    output.data({ event: 'receipt-failed', application, code, message });
    return { kind: 'failed' };
  }
}

async function tellSaved(
  context: CommandContext,
  saved: {
    readonly accepted: AcceptedEvidence;
    readonly path: string;
    readonly isNew: boolean;
    readonly bytes: Uint8Array;
    readonly keys: Keys;
  },
): Promise<boolean> {
  const { output } = context;
  const { accepted, path, isNew, bytes, keys } = saved;
  const { isGenuine, text } = await judgeReceipt(output, bytes, accepted, keys);
  output.say(isNew ? 'receiptSaved' : 'receiptKept', { path });
  if (isGenuine === false) output.say('receiptBad', { path, reason: text });
  const { application } = accepted;
  output.data({ event: 'receipt', application, path, isNew, isGenuine, text });
  return isGenuine !== false;
}

/** Not ready yet, too many requests, or a portal that is down for a while. */
function mayHelpToWait({ code, status }: PortalTrouble): boolean {
  return code === 'RECEIPT_PENDING' || status === 429 || status === 503 || status === 0;
}

function retryMs({ retryAfterMs }: PortalTrouble): number {
  return Math.min(retryAfterMs ?? RETRY_MS_DEFAULT, RETRY_MS_MAX);
}
