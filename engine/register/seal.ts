/**
 * A seal: 16 bytes of SHA-256 over what is stored and where. A flipped bit, or a value that stands
 * in another's place (a flipped bit of a key would hand one person's receipt to another), is
 * noticed by whoever reads it, and is never served as good.
 */
import { sha256 } from '#engine/foundation/digest.ts';

export const SEAL_BYTES = 16;

/** What is stored is not what was written. */
export class RegisterDamaged extends Error {
  override name = 'RegisterDamaged';
}

/** `table` and `place` are sealed with the value: it is good nowhere else. About 1 µs. */
export function sealOf(table: string, place: number, value: Uint8Array): Buffer {
  return sha256(Buffer.from(`${table} ${place}\0`), value).subarray(0, SEAL_BYTES);
}

/** Throws RegisterDamaged unless `seal` is that of the value. */
export function checkSeal(table: string, place: number, value: Uint8Array, seal: Buffer): void {
  if (sealOf(table, place, value).equals(seal)) return;
  throw new RegisterDamaged(
    `the stored bytes of place ${place} in ${table} are not what was written`,
  );
}
