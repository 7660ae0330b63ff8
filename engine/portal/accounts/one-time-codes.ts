/**
 * The codes of a second factor: those an authenticator app shows (TOTP, RFC 6238: SHA-1, 6 digits,
 * 30 s, what every app understands) and the recovery codes for the day the telephone is gone.
 */
import { Secret, TOTP } from 'otpauth';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Random } from '../../foundation/random.ts';

const STEP_MS = 30_000;
/** A code of the step before or after counts as well: clocks differ, people are slow. */
const STEPS_EITHER_SIDE = 1;
/** RFC 4226 §4 R6: 160 bits are recommended. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** Without i, l, o and u: nothing looks like something else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

export function newSecret(random: Random): Buffer {
  return random.bytes(SECRET_BYTES);
}

/** The secret as a person types it, and the address that a QR code carries. */
export function shownSecret(secret: Uint8Array, email: string): { secret: string; uri: string } {
  const totp = generatorOf(secret, email);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The step the code is of, undefined when it is none of those that count now. */
export function stepOfCode(secret: Uint8Array, code: string, nowUs: number): number | undefined {
  const timestamp = Math.floor(nowUs / 1000);
  const totp = generatorOf(secret, '');
  const delta = totp.validate({ token: code, timestamp, window: STEPS_EITHER_SIDE });
  return delta === null ? undefined : Math.floor(timestamp / STEP_MS) + delta;
}

/** What an app with this secret shows at that time. */
export function codeAt(secret: string, nowUs: number): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: Math.floor(nowUs / 1000) });
}

function generatorOf(secret: Uint8Array, label: string): TOTP {
  const buffer = new Uint8Array(secret).buffer;
  return new TOTP({
    issuer: 'Clickday',
    label: label || 'account',
    secret: new Secret({ buffer }),
  });
}

/** What was typed without blanks and hyphens. */
export function tidyCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toLowerCase();
}

/** Whether it has the form of an app's code; a recovery code has 16 characters. */
export function isAppCode(tidy: string): boolean {
  return /^\d{6}$/.test(tidy);
}

/** Ten codes of 80 random bits, each to be used once. */
export function newRecoveryCodes(random: Random): string[] {
  const letter = () => ALPHABET[random.integer(ALPHABET.length)];
  const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
  const code = () => Array.from({ length: GROUPS }, group).join('-');
  return Array.from({ length: RECOVERY_CODES }, code);
}

/** 80 random bits need no slow hash. */
export function recoveryHash(account: string, tidy: string): string {
  return sha256Base64Url(`recovery code ${account} ${tidy}`);
}
