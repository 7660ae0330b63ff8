/**
 * `clickday seal-key list|add|retire|revoke`: the keys that seal receipts. A receipt is sealed with
 * one key; all that ever sealed stay known, so that old receipts can be checked.
 */
import {
  addSeal,
  type KnownSeal,
  knownSeals,
  retireSeals,
  revokeSeal,
} from '#engine/receipts/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { readConfig } from '../config.ts';
import { commandContext, directoryToRead, emit, Refused, say } from './context.ts';
import { sealMaking } from './seal.ts';

interface Flags {
  readonly data?: string;
  readonly sealOrganization?: string;
  readonly json?: boolean;
}

export function sealKeyList(flags: Flags): void {
  const { path } = keysOf(flags);
  const seals = knownSeals(path);
  if (seals.length === 0) throw none();
  tell(flags, seals);
}

export function sealKeyAdd(flags: Flags): void {
  const { path, making } = keysOf(flags);
  addSeal(path, making());
  say('Another test key: the portal seals with it from its next start on.');
  tell(flags, knownSeals(path));
}

export function sealKeyRetire(flags: Flags): void {
  const { path, at } = keysOf(flags);
  if (retireSeals(path, at) === 0) {
    throw new Refused('SEAL_ALONE', 'there is one test key at most: add another first');
  }
  say('The keys of all test seals but the newest are deleted; what they sealed stays valid.');
  tell(flags, knownSeals(path));
}

export function sealKeyRevoke(fingerprint: string, flags: Flags): void {
  const { path, at } = keysOf(flags);
  const revoked = revokeSeal(path, fingerprint.toLowerCase().replaceAll(':', ''), at);
  if (revoked === undefined) {
    throw new Refused('SEAL_MISSING', 'not exactly one seal has a fingerprint that begins so');
  }
  say(
    `No receipt with the seal ${revoked.fingerprint} is accepted any more. ` +
      'Restart the portal now: until then it goes on sealing with the key it has read.',
  );
  tell(flags, knownSeals(path));
}

function none(): Refused {
  return new Refused('SEAL_MISSING', 'no receipt has been sealed yet: the portal makes the key');
}

function keysOf(flags: Flags) {
  const config = readConfig({ data: flags.data, sealOrganization: flags.sealOrganization });
  const path = directoryToRead(config).sealKeys;
  const { clock, random } = commandContext(config, 'seal-key');
  const nowUs = clock.nowUs();
  return { path, at: isoFromUs(nowUs), making: () => sealMaking(config, nowUs, random) };
}

function tell({ json }: Flags, seals: readonly KnownSeal[]): void {
  for (const { certificate, ...seal } of seals) {
    if (json) emit({ ...seal, certificate: certificate.toString('base64') });
    else process.stdout.write(`${seal.fingerprint}  ${stateOf(seal)}  ${seal.subject}\n`);
  }
}

function stateOf({
  isTest,
  validTo,
  retiredAt,
  revokedAt,
}: Omit<KnownSeal, 'certificate'>): string {
  const kind = isTest ? 'test' : 'from a PKCS#12 file';
  if (revokedAt !== undefined) return `${kind}, revoked ${revokedAt}`;
  if (retiredAt !== undefined) return `${kind}, retired ${retiredAt}`;
  return `${kind}, valid until ${validTo}`;
}
