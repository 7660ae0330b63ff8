/**
 * Device codes: a program asks, a person decides in their browser, the program fetches a session.
 *
 *   asked ──decision──► approved ──session──► gone      (at most 10 minutes from asking to gone)
 *     │                 refused ───told────► gone
 *     └──10 min──► gone
 *
 * Kept in memory: a code lives for minutes, polling writes nothing to disk, and after a restart of
 * the portal the person begins again. The device code is stored as its hash; the session is made
 * when it is fetched, so that it lies nowhere before. At most 10,000 codes live at once, then BUSY.
 */
import type { DeviceCodes, DeviceRequest, DeviceView } from '#protocol/device-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { type AccountRow, accountStore } from '../accounts/store.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import type { OpenedSession, Sessions } from '../session/index.ts';
import { newUserCode, tidyUserCode } from './user-code.ts';

export interface Devices {
  /** `address`: where the request came from. Refuses BUSY. */
  ask(request: DeviceRequest, address: string): DeviceCodes;
  /** Refuses DEVICE_CODE_UNKNOWN. */
  find(userCode: string, address: string): DeviceView;
  /** Once. Refuses DEVICE_CODE_UNKNOWN. */
  decide(userCode: string, decision: { account: AccountRow; approve: boolean }): void;
  /**
   * The session, once. Refuses DEVICE_PENDING, DEVICE_SLOW_DOWN (five seconds more between
   * questions from now on), DEVICE_REFUSED, DEVICE_EXPIRED.
   */
  fetch(deviceCode: string): OpenedSession & { readonly account: AccountRow };
  sweep(): void;
}

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly sessions: Sessions;
  readonly publicUrl: () => string;
}

interface Pending {
  readonly request: DeviceRequest;
  readonly userCode: string;
  readonly address: string;
  readonly askedAtUs: number;
  readonly expiresAtUs: number;
  intervalS: number;
  polledAtUs: number;
  /** Undefined: nobody has decided; null: refused; else the account. */
  decision: string | null | undefined;
}

const LIFE_US = 600_000_000;
const INTERVAL_S = 5;
const SLOWER_S = 5;
const PENDING_MAX = 10_000;
const CODE_BYTES = 32;
const US_A_SECOND = 1_000_000;
const MS_A_SECOND = 1000;
const RETRY_AFTER_MS = 60_000;

/** The codes of this process. */
export function createDevices(parts: Parts): Devices {
  const { clock, random, publicUrl } = parts;
  const byDevice = new Map<string, Pending>();
  const byUser = new Map<string, Pending>();
  const forget = (hash: string, pending: Pending) => {
    byDevice.delete(hash);
    byUser.delete(pending.userCode);
  };
  const sweep = () => {
    // In the order of asking, so the first that lives ends the search.
    for (const [hash, pending] of byDevice) {
      if (clock.nowUs() < pending.expiresAtUs) return;
      forget(hash, pending);
    }
  };
  const undecided = (typed: string): Pending => {
    sweep();
    const pending = byUser.get(tidyUserCode(typed) ?? '');
    if (!pending || pending.decision !== undefined) throw unknownCode();
    return pending;
  };
  return {
    sweep,
    ask: (request, address) => {
      sweep();
      if (byDevice.size >= PENDING_MAX) throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
      const pending = newPending(parts, byUser, { request, address });
      const deviceCode = random.bytes(CODE_BYTES).toString('base64url');
      byDevice.set(sha256Base64Url(deviceCode), pending);
      byUser.set(pending.userCode, pending);
      return {
        deviceCode,
        userCode: pending.userCode,
        verificationUri: `${publicUrl()}/device`,
        expiresIn: LIFE_US / US_A_SECOND,
        interval: INTERVAL_S,
      };
    },
    find: (userCode, address) => viewOf(undecided(userCode), address),
    decide: (userCode, { account, approve }) => {
      undecided(userCode).decision = approve ? account.id : null;
    },
    fetch: (deviceCode) => {
      sweep();
      const hash = sha256Base64Url(deviceCode);
      const pending = byDevice.get(hash);
      if (!pending) throw new Refusal('DEVICE_EXPIRED');
      mind(pending, clock.nowUs());
      if (pending.decision === undefined) {
        throw new Refusal('DEVICE_PENDING', { retryAfterMs: pending.intervalS * MS_A_SECOND });
      }
      forget(hash, pending);
      if (pending.decision === null) throw new Refusal('DEVICE_REFUSED');
      return opened(parts, pending.decision);
    },
  };
}

function unknownCode(): Refusal {
  const errors = [fieldProblem('userCode', 'DEVICE_CODE_UNKNOWN')];
  return new Refusal('DEVICE_CODE_UNKNOWN', { errors });
}

function newPending(
  { clock, random }: Parts,
  taken: ReadonlyMap<string, Pending>,
  { request, address }: { request: DeviceRequest; address: string },
): Pending {
  let userCode = newUserCode(random);
  while (taken.has(userCode)) userCode = newUserCode(random);
  const askedAtUs = clock.nowUs();
  return {
    ...{ request, userCode, address, askedAtUs, expiresAtUs: askedAtUs + LIFE_US },
    ...{ intervalS: INTERVAL_S, polledAtUs: Number.NEGATIVE_INFINITY, decision: undefined },
  };
}

/** A question before its time makes all later ones wait longer (RFC 8628 §3.5). */
function mind(pending: Pending, nowUs: number): void {
  const isEarly = nowUs - pending.polledAtUs < pending.intervalS * US_A_SECOND;
  pending.polledAtUs = nowUs;
  if (!isEarly) return;
  pending.intervalS += SLOWER_S;
  throw new Refusal('DEVICE_SLOW_DOWN', { retryAfterMs: pending.intervalS * MS_A_SECOND });
}

function viewOf(pending: Pending, address: string): DeviceView {
  return {
    ...pending.request,
    address: pending.address,
    isSameAddress: pending.address === address,
    requestedAt: isoFromUs(pending.askedAtUs),
    expiresAt: isoFromUs(pending.expiresAtUs),
  };
}

/** The account may have gone, or been deactivated, between approving and fetching. */
function opened({ database, sessions }: Parts, id: string) {
  const account = accountStore(database).byId(id);
  if (account?.deactivated_at_us !== null) throw new Refusal('DEVICE_EXPIRED');
  return { ...sessions.open(id, 'bearer'), account };
}
