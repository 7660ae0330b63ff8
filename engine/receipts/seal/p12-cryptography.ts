/**
 * The password's part of a PKCS#12 file: key derivation (RFC 7292 appendix B, RFC 8018), the check
 * of integrity, decryption. Structure is not looked at here beyond an algorithm's parameters.
 */
import { createDecipheriv, createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { type Der, oidText, stringBytes } from './der.ts';

/** A PKCS#12 file that cannot be used; the message is for who configures it. */
export class Pkcs12Unreadable extends Error {
  override name = 'Pkcs12Unreadable';
}

const OID = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  pbmac1: '1.2.840.113549.1.5.14',
  tripleDes: '1.2.840.113549.1.12.1.3',
} as const;
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};
/** What a derived key is for (RFC 7292 appendix B.3). */
const PURPOSE = { key: 1, vector: 2, mac: 3 } as const;
/** A file that asks for more would hang the start. */
const ITERATIONS_MAX = 10_000_000;
const WRONG_PASSWORD = 'its password is another: set CLICKDAY_SEAL_PASSWORD';

/** Throws unless `mac` (a MacData) is that of `content` under the password. */
export function checkMac(mac: Der, content: Buffer, password: string): void {
  const [info, salt, iterations] = mac.parts;
  const [algorithm, expected] = info!.parts;
  const [name, parameters] = algorithm!.parts;
  let key: Buffer;
  let hash: string;
  if (oidText(name!) === OID.pbmac1) {
    const [derivation, scheme] = parameters!.parts;
    hash = hashOf(scheme!.parts[0]!);
    key = pbkdf2(derivation!, password, 0);
  } else {
    hash = hashOf(name!);
    const bytes = createHash(hash).digest().length;
    const times = iterations === undefined ? 1 : count(iterations);
    key = pkcs12Key(hash, PURPOSE.mac, password, { salt: stringBytes(salt!), times, bytes });
  }
  const found = createHmac(hash, key).update(content).digest();
  const wanted = stringBytes(expected!);
  if (found.length !== wanted.length || !timingSafeEqual(found, wanted)) {
    throw new Pkcs12Unreadable(WRONG_PASSWORD);
  }
}

/** What `bytes` hide under `algorithm`, an AlgorithmIdentifier. */
export function decrypt(algorithm: Der, bytes: Buffer, password: string): Buffer {
  const { name, key, vector } = cipherOf(algorithm, password);
  try {
    const decipher = createDecipheriv(name, key, vector);
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  } catch (error) {
    throw new Pkcs12Unreadable(WRONG_PASSWORD, { cause: error });
  }
}

function cipherOf(algorithm: Der, password: string) {
  const [type, parameters] = algorithm.parts;
  const name = oidText(type!);
  if (name === OID.pbes2) {
    const [derivation, scheme] = parameters!.parts;
    const cipher = CIPHERS[oidText(scheme!.parts[0]!)];
    if (cipher === undefined) throw unknownCipher(oidText(scheme!.parts[0]!));
    const key = pbkdf2(derivation!, password, cipher.keyBytes);
    return { name: cipher.name, key, vector: stringBytes(scheme!.parts[1]!) };
  }
  if (name !== OID.tripleDes) throw unknownCipher(name);
  const [salt, iterations] = parameters!.parts;
  const from = { salt: stringBytes(salt!), times: count(iterations!) };
  const key = pkcs12Key('sha1', PURPOSE.key, password, { ...from, bytes: 24 });
  const vector = pkcs12Key('sha1', PURPOSE.vector, password, { ...from, bytes: 8 });
  return { name: 'des-ede3-cbc', key, vector };
}

function unknownCipher(name: string): Pkcs12Unreadable {
  return new Pkcs12Unreadable(
    `it is encrypted in an old way (${name}). Convert it: openssl pkcs12 -legacy -in OLD.p12 ` +
      '-nodes -out seal.pem, then openssl pkcs12 -export -in seal.pem -out NEW.p12, and delete ' +
      'seal.pem',
  );
}

/** Of PBKDF2's parameters; `bytes` 0 when they must name the length. */
function pbkdf2(derivation: Der, password: string, bytes: number): Buffer {
  const [type, parameters] = derivation.parts;
  if (oidText(type!) !== OID.pbkdf2) throw unknownCipher(oidText(type!));
  const [salt, iterations, ...rest] = parameters!.parts;
  const length = rest.find(({ tag }) => tag === 0x02);
  const prf = rest.find(({ tag }) => tag === 0x30);
  const hash = prf === undefined ? 'sha1' : hashOf(prf.parts[0]!);
  const keyBytes = length === undefined ? bytes : count(length);
  return pbkdf2Sync(password, stringBytes(salt!), count(iterations!), keyBytes, hash);
}

function hashOf(name: Der): string {
  const hash = HASHES[oidText(name)];
  if (hash === undefined) throw unknownCipher(oidText(name));
  return hash;
}

function count(value: Der): number {
  const number =
    value.content.length > 6 ? Number.NaN : value.content.readUIntBE(0, value.content.length);
  if (!(number >= 1 && number <= ITERATIONS_MAX)) {
    throw new Pkcs12Unreadable('it asks for an unreasonable number of iterations');
  }
  return number;
}

/** RFC 7292 appendix B.2; its letters. */
function pkcs12Key(
  hash: string,
  purpose: number,
  password: string,
  from: { readonly salt: Buffer; readonly times: number; readonly bytes: number },
): Buffer {
  const v = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const I = Buffer.concat([filled(from.salt, v), filled(secret, v)]);
  const D = Buffer.alloc(v, purpose);
  const out: Buffer[] = [];
  for (let length = 0; length < from.bytes; length += out.at(-1)!.length) {
    let A = createHash(hash).update(D).update(I).digest();
    for (let time = 1; time < from.times; time += 1) A = createHash(hash).update(A).digest();
    out.push(A);
    for (let at = 0; at < I.length; at += v) addWithOne(I.subarray(at, at + v), filled(A, v, 1));
  }
  return Buffer.concat(out).subarray(0, from.bytes);
}

/** Repeated to whole blocks of `v` bytes, or to `blocks` of them. */
function filled(bytes: Buffer, v: number, blocks = Math.ceil(bytes.length / v)): Buffer {
  return Buffer.alloc(v * blocks, bytes);
}

/** block = block + other + 1 modulo 2^(8v). */
function addWithOne(block: Buffer, other: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at -= 1) {
    const sum = block[at]! + other[at]! + carry;
    block[at] = sum & 0xff;
    carry = sum >> 8;
  }
}
