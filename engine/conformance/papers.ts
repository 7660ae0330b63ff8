/**
 * What the kit may submit: passbooks of accounts, one JSON object a line as `clickday fixture`
 * writes them. A passbook's lines are read here without checking its signature: that is the
 * gate's work, and one of the things that are checked.
 */
import type { PassbookClaims, PassbookLine } from '#protocol/passbook.ts';

/** An account's passbooks and all their lines. */
export interface Presented {
  readonly account: string;
  readonly passbooks: readonly string[];
  readonly lines: readonly PassbookLine[];
}

/** The accounts of such a file. Throws with a sentence when it is another. */
export function readAccounts(text: string): Presented[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    try {
      const { passbooks } = JSON.parse(line) as { passbooks: readonly string[] };
      const claims = passbooks.map(claimsOf);
      const own = claims.flatMap(({ applications }) => applications);
      return { account: claims[0]?.sub ?? '', passbooks, lines: own };
    } catch (cause) {
      throw new Error(`line ${at + 1} is no account with passbooks`, { cause });
    }
  });
}

function claimsOf(passbook: string): PassbookClaims {
  const claims = Buffer.from(passbook.split('.')[1] ?? '', 'base64url').toString('utf8');
  return JSON.parse(claims) as PassbookClaims;
}
