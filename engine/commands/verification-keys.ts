/**
 * What a checker of receipts has to know of this installation, from its data directory: all seals
 * and the log keys of all its gates, with those that were revoked. Nothing secret is in it.
 */
import { existsSync } from 'node:fs';
import { knownLog } from '#engine/log/index.ts';
import { knownSeals } from '#engine/receipts/index.ts';
import type { DataDirectory } from '#engine/store/index.ts';
import type { VerificationKeys } from '#protocol/portal-api.ts';

export function verificationKeysIn(directory: DataDirectory): VerificationKeys {
  const seals = knownSeals(directory.sealKeys).map(
    ({ certificate, subject, isTest, revokedAt }) => ({
      certificate: certificate.toString('base64'),
      subject,
      test: isTest,
      ...(revokedAt !== undefined && { revokedAt }),
    }),
  );
  const logs = directory.gates().flatMap((gate) => {
    const path = directory.log(gate).keys;
    if (!existsSync(path)) return [];
    const { origin, keys, revoked } = knownLog(path);
    return [{ gate, origin, keys: [...keys], revoked: [...revoked] }];
  });
  return { seals, logs };
}
