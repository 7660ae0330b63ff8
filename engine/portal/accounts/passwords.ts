/**
 * Passwords: argon2id with the parameters of the OWASP cheat sheet (19 MiB, t = 2, p = 1), hashed
 * by few at a time, because each takes a core for some 40 ms and 19 MiB. A crowd at the door waits
 * in a bounded queue and is then told BUSY; nothing else of the portal stops meanwhile.
 */
import { hash, verify } from '@node-rs/argon2';
import type { Random } from '../../foundation/random.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** False for a null hash as well, after the same work: timing tells nothing. */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
  /** A random one-time password that is easy to copy from a mail: about 77 bits. */
  oneTime(): string;
}

const HASHING = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const HASHING_MAX = 2;
const WAITING_MAX = 200;
const RETRY_AFTER_MS = 3000;
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

const LENGTH_MIN = 12;
const DISTINCT_MIN = 5;

/** Whether a person may choose this password. */
export function isStrongPassword(password: string, email: string): boolean {
  if (password.length < LENGTH_MIN || new Set(password).size < DISTINCT_MIN) return false;
  const plain = password.toLowerCase();
  return plain !== email && plain !== email.split('@')[0];
}

/** The hash of a password somebody chose. Refuses PASSWORD_WEAK at that field. */
export async function newHash(
  passwords: Passwords,
  password: string,
  { email, field = 'password' }: { readonly email: string; readonly field?: string },
): Promise<string> {
  if (!isStrongPassword(password, email)) throw weak(field);
  return passwords.hash(password);
}

export function weak(field: string): Refusal {
  return new Refusal('PASSWORD_WEAK', { errors: [fieldProblem(field, 'PASSWORD_WEAK')] });
}

/** A bounded pool of hashing. */
export function createPasswords(random: Random): Passwords {
  const limited = boundedPool();
  const decoy = limited(() => hash(random.bytes(16).toString('hex'), HASHING));
  decoy.catch(() => undefined);
  return {
    hash: (password) => limited(() => hash(password.normalize('NFC'), HASHING)),
    verify: async (passwordHash, password) => {
      const against = passwordHash ?? (await decoy);
      const isRight = await limited(() => verify(against, password.normalize('NFC')));
      return isRight && passwordHash !== null;
    },
    oneTime: () => {
      const letter = () => ALPHABET[random.integer(ALPHABET.length)];
      const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
      return Array.from({ length: GROUPS }, group).join('-');
    },
  };
}

function boundedPool(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= HASHING_MAX) {
      if (waiting.length >= WAITING_MAX) {
        throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
