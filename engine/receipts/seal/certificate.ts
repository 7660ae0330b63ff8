/**
 * The certificate of a test seal: X.509 version 3 (RFC 5280), signed by its own key, for ten years,
 * good for seals and nothing else. Its subject says that it is a test, so that whoever looks at the
 * signature in any reader sees that; nobody vouches for it.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { sha256 } from '#engine/foundation/digest.ts';
import type { SealKey } from './cms.ts';
import {
  bits,
  boolean,
  context,
  integer,
  nothing,
  octets,
  oid,
  printable,
  readDer,
  sequence,
  setOf,
  time,
  utf8,
} from './der.ts';

/** Which key a test seal gets. Both are accepted everywhere; docs/decisions/0016 says the price. */
export type SealAlgorithm = 'rsa' | 'ec';

export interface TestSealOptions {
  /** Named in the subject, at most 64 characters (RFC 5280, ub-organization-name). */
  readonly organization: string;
  readonly madeAtUs: number;
  /** 16 bytes of the serial number. */
  readonly serial: Uint8Array;
  readonly algorithm?: SealAlgorithm;
}

/** What every subject of a test seal has in its common name. */
export const TEST_MARK = 'TEST / PROVA';

const OID = {
  country: '2.5.4.6',
  organization: '2.5.4.10',
  commonName: '2.5.4.3',
  rsaSignature: '1.2.840.113549.1.1.11',
  ecSignature: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
} as const;
const YEARS = 10;
/** A gate's clock may be behind the portal's: its first stamps are not before the certificate. */
const EARLIER_US = 24 * 3_600_000_000;
const NAME_LENGTH_MAX = 64;
/** digitalSignature and nonRepudiation are the first two bits of the string. */
const KEY_USAGE = bits(Buffer.of(0b1100_0000), 6);

/** A new key with its certificate. About 0.1 s for RSA. */
export function createTestSeal(options: TestSealOptions): SealKey {
  const { madeAtUs, serial, algorithm = 'ec' } = options;
  const { publicKey, privateKey } =
    algorithm === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const info = publicKey.export({ type: 'spki', format: 'der' });
  const signature =
    algorithm === 'rsa'
      ? sequence(oid(OID.rsaSignature), nothing())
      : sequence(oid(OID.ecSignature));
  const name = subjectOf(options.organization);
  const content = sequence(
    context(0, integer(2)),
    integer(positive(serial)),
    signature,
    name,
    sequence(time(madeAtUs - EARLIER_US), time(yearsLater(madeAtUs))),
    name,
    info,
    context(3, extensionsOf(info)),
  );
  const proof = bits(sign('sha256', content, privateKey));
  return { key: privateKey, certificates: [sequence(content, signature, proof)] };
}

function subjectOf(organization: string): Buffer {
  const part = (name: string, value: Buffer) => setOf(sequence(oid(name), value));
  const owner = Array.from(organization).slice(0, NAME_LENGTH_MAX).join('');
  return sequence(
    part(OID.country, printable('IT')),
    part(OID.organization, utf8(owner)),
    part(OID.commonName, utf8(`${TEST_MARK} – Clickday`)),
  );
}

function extensionsOf(info: Buffer): Buffer {
  const extension = (name: string, value: Buffer, critical: readonly Buffer[] = []) =>
    sequence(oid(name), ...critical, octets(value));
  const [, key] = readDer(info).parts;
  const keyId = sha256(key!.content.subarray(1)).subarray(0, 20); // RFC 7093 §2, method 1
  return sequence(
    extension(OID.basicConstraints, sequence(), [boolean(true)]),
    extension(OID.keyUsage, KEY_USAGE, [boolean(true)]),
    extension(OID.subjectKeyId, octets(keyId)),
  );
}

/** At most 16 bytes, the highest bit off and the one below on: positive and of one length. */
function positive(serial: Uint8Array): Buffer {
  const bytes = Buffer.from(serial.subarray(0, 16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}

function yearsLater(us: number): number {
  const date = new Date(Math.floor(us / 1000));
  date.setUTCFullYear(date.getUTCFullYear() + YEARS);
  return date.getTime() * 1000;
}
