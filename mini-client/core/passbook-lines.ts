/**
 * Reads what a passbook lists, without checking its seal: that is the gate's task, and the client
 * only needs to know which application stands in which passbook, and its line for the evidence.
 * A text that is no passbook gives undefined; nothing throws.
 */
import { PassbookClaims, type PassbookLine } from '#protocol/passbook.ts';
import { compileCheck, parsedJson } from './wire-check.ts';

const checker = compileCheck(PassbookClaims);

/** A passbook with its lines by application id. */
export interface OpenedPassbook {
  readonly text: string;
  readonly account: string;
  /** Unix seconds. */
  readonly expiresAtS: number;
  readonly lines: ReadonlyMap<string, PassbookLine>;
}

/** Decodes a compact JWS. O(applications in it). */
export function openPassbook(text: string): OpenedPassbook | undefined {
  const claims = claimsOf(text);
  if (!checker.Check(claims)) return undefined;
  return {
    text,
    account: claims.sub,
    expiresAtS: claims.exp,
    lines: new Map(claims.applications.map((line) => [line.id, line])),
  };
}

function claimsOf(text: string): unknown {
  const payload = text.split('.')[1];
  if (payload === undefined) return undefined;
  return parsedJson(Buffer.from(payload, 'base64url').toString('utf8'));
}
