/**
 * What is practised with: an application that does not exist, made for one account each time it
 * asks. Nothing of it is stored. Its digest names the account, so that an entry of a ledger of
 * rehearsals says by itself whose it is: only that account gets its receipt.
 */
import { canonicalText } from '#protocol/canonical.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { REHEARSAL_PREFIX } from '#protocol/rehearsal.ts';
import type { PracticeLine } from '#protocol/rehearsals-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { SigningKey } from '../../foundation/jws.ts';
import type { Random } from '../../foundation/random.ts';
import { signPassbook } from '../applications/passbooks.ts';
import type { RehearsalFacts } from './store.ts';

/** Stands for model and office: neither is one. */
const NOTHING_REAL = 'PROVA';
/** The standing window never closes: a line is good for a week. */
const LINE_US_MAX = 7 * 86_400_000_000;

/** A passbook with one line to practise with in `window`. */
export function practiceLine(
  parts: { readonly key: SigningKey; readonly random: Random; readonly clock: { nowUs(): number } },
  account: string,
  window: RehearsalFacts,
): PracticeLine {
  const nowUs = parts.clock.nowUs();
  const application = REHEARSAL_PREFIX + parts.random.id();
  const row = {
    ...{ id: application, model: NOTHING_REAL, office: NOTHING_REAL, click_day: window.id },
    digest: practiceDigest(application, account),
  };
  const latestUs = Math.max(nowUs, window.opensAtUs) + LINE_US_MAX;
  const passbook = signPassbook(parts, {
    ...{ account, applications: [row], nowUs },
    closesAtUs: Math.min(window.closesAtUs, latestUs),
  });
  const { id, opensAtUs, closesAtUs } = window;
  const clickDay = { id, opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(closesAtUs) };
  return { passbook, application, clickDay };
}

/** Whether this entry of a ledger of rehearsals is one of the account's. */
export function isPractisedBy(entry: LedgerEntry, account: string): boolean {
  return entry.digest === practiceDigest(entry.application, account);
}

function practiceDigest(application: string, account: string): string {
  return sha256Base64Url(canonicalText({ account, application, rehearsal: true }));
}
