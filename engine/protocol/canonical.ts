/**
 * Canonical JSON text (RFC 8785, JCS): the one byte form of an application and of a ledger entry,
 * so that two programs that hold the same facts compute the same digest.
 */
import canonicalize from 'canonicalize';

/** The JCS text of a JSON value. Throws a TypeError for what JSON cannot hold (undefined, NaN). */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
