/**
 * The keys that a checker trusts, read from the JSON in which a portal publishes them
 * (`VerificationKeys`). They may come from a file of any origin, so every member is checked; that
 * they are the right ones, only the place can vouch from which they were taken.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64 } from '../log/base64.ts';
import { type NoteKey, parseNoteKey } from '../log/note.ts';

export interface TrustedSeal {
  /** The certificate's DER. */
  readonly der: Uint8Array;
  readonly test: boolean;
  readonly revokedAt: string | undefined;
}

export interface TrustedLog {
  readonly gate: string;
  readonly origin: string;
  readonly keys: readonly NoteKey[];
  readonly revoked: readonly { readonly key: NoteKey; readonly revokedAt: string }[];
}

export interface TrustedKeys {
  readonly seals: readonly TrustedSeal[];
  readonly logs: readonly TrustedLog[];
}

/** Bounds what a hostile file can make a checker do. */
const KEYS_MAX = 1000;

/** The keys in `value`; undefined when it is not such a document. */
export function readTrustedKeys(value: unknown): TrustedKeys | undefined {
  const seals = listIn(value, 'seals')?.map(sealIn);
  const logs = listIn(value, 'logs')?.map(logIn);
  if (!seals || !logs || !areAll(seals) || !areAll(logs)) return undefined;
  return { seals, logs };
}

function sealIn(value: unknown): TrustedSeal | undefined {
  const der = fromBase64(textIn(value, 'certificate') ?? '');
  const test = memberOf(value, 'test');
  const revokedAt = memberOf(value, 'revokedAt');
  if (!der?.length || typeof test !== 'boolean') return undefined;
  if (revokedAt !== undefined && typeof revokedAt !== 'string') return undefined;
  return { der, test, revokedAt };
}

function logIn(value: unknown): TrustedLog | undefined {
  const [gate, origin] = [textIn(value, 'gate'), textIn(value, 'origin')];
  const keys = listIn(value, 'keys')?.map(keyIn);
  const revoked = listIn(value, 'revoked')?.map(revokedIn);
  if (!gate || !origin || !keys || !revoked) return undefined;
  return areAll(keys) && areAll(revoked) ? { gate, origin, keys, revoked } : undefined;
}

function revokedIn(value: unknown): TrustedLog['revoked'][number] | undefined {
  const [key, revokedAt] = [keyIn(memberOf(value, 'key')), textIn(value, 'revokedAt')];
  return key && revokedAt ? { key, revokedAt } : undefined;
}

function keyIn(value: unknown): NoteKey | undefined {
  return typeof value === 'string' ? parseNoteKey(value, sha256) : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function textIn(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] | undefined {
  const member = memberOf(value, name);
  return Array.isArray(member) && member.length <= KEYS_MAX ? member : undefined;
}

function areAll<T>(list: readonly (T | undefined)[]): list is readonly T[] {
  return list.every((one) => one !== undefined);
}
