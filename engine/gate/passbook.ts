/**
 * Reading a passbook: one signature check, and the gate knows what a sender may submit. No portal,
 * no database. Passbooks that HTTP submitters send with every request are kept, checked once.
 */
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import { type VerifyingKey, verifyCompact } from '#engine/foundation/jws.ts';
import { PASSBOOK_TYP, PassbookClaims, type PassbookLine } from '#protocol/passbook.ts';
import { limits } from '../limits.ts';

export interface Passbook {
  readonly account: string;
  readonly expiresAtUs: number;
  readonly lines: ReadonlyMap<string, PassbookLine>;
}

export type PassbookRefusal = 'PASSBOOK_INVALID' | 'PASSBOOK_EXPIRED';

const US_A_SECOND = 1_000_000;
const checkClaims = TypeCompiler.Compile(PassbookClaims);

/** The passbook in `token`, or why it is refused. About 0.15 ms and 1 µs a line. */
export function readPassbook(
  token: string,
  keys: readonly VerifyingKey[],
  nowUs: number,
): Passbook | PassbookRefusal {
  const claims = verifyCompact({ token, typ: PASSBOOK_TYP, keys });
  if (!checkClaims.Check(claims)) return 'PASSBOOK_INVALID';
  const expiresAtUs = claims.exp * US_A_SECOND;
  if (expiresAtUs <= nowUs) return 'PASSBOOK_EXPIRED';
  const lines = new Map(claims.applications.map((line) => [line.id, line]));
  return { account: claims.sub, expiresAtUs, lines };
}

/** Passbooks already checked, by the hash of their text; bounded, the oldest go first. */
export function createPassbookCache(): typeof readPassbook {
  const known = new Map<string, Passbook>();
  return (token, keys, nowUs) => {
    const id = sha256Base64Url(token);
    const cached = known.get(id);
    if (cached !== undefined) {
      return cached.expiresAtUs > nowUs ? cached : 'PASSBOOK_EXPIRED';
    }
    const passbook = readPassbook(token, keys, nowUs);
    if (typeof passbook === 'string') return passbook;
    if (known.size >= limits.passbooksCachedMax) known.delete(known.keys().next().value as string);
    known.set(id, passbook);
    return passbook;
  };
}
