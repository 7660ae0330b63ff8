/**
 * Tickets: what an attempt to log in has to remember, carried by the person's own browser in a
 * sealed cookie (AES-256-GCM) and nowhere else. So a crowd that begins and never comes back costs
 * the portal nothing. The key lives as long as the process: after a restart attempts begin anew.
 *
 * A ticket is valid for 15 minutes and once. Spent ones are remembered, at most 10,000: beyond
 * that the oldest are forgotten, and a second use of theirs meets the provider, which refuses it.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { OpenIdProfile } from '#protocol/openid-api.ts';
import type { Random } from '../../foundation/random.ts';

const Next = Type.Union([Type.String(), Type.Null()]);

/** Between leaving for the provider and coming back. */
const Attempt = Type.Object({
  kind: Type.Literal('attempt'),
  id: Type.String(),
  expiresAtUs: Type.Integer(),
  state: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  /** Whose session wants the link; null for logging in. */
  account: Type.Union([Type.String(), Type.Null()]),
  next: Next,
});

/** Between coming back and having an account to go with it. */
const Newcomer = Type.Object({
  kind: Type.Literal('newcomer'),
  id: Type.String(),
  expiresAtUs: Type.Integer(),
  issuer: Type.String(),
  subject: Type.String(),
  profile: OpenIdProfile,
  idToken: Type.Union([Type.String(), Type.Null()]),
  next: Next,
});

const Ticket = Type.Union([Attempt, Newcomer]);
export type Attempt = Static<typeof Attempt>;
export type Newcomer = Static<typeof Newcomer>;
type Ticket = Static<typeof Ticket>;
type Facts<One extends Ticket> = Omit<One, 'id' | 'expiresAtUs'>;

export interface Tickets {
  seal(facts: Facts<Attempt> | Facts<Newcomer>): string;
  /** The live ticket in a cookie; undefined for anything else. */
  read(text: string | undefined): Ticket | undefined;
  spend(ticket: Ticket): void;
  /** It was spent for nothing: the provider did not answer. */
  revive(ticket: Ticket): void;
}

/** How long a person may take at the provider, and then with the form. */
export const TICKET_MS = 15 * 60_000;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 16;
const SPENT_MAX = 10_000;
const TEXT_LENGTH_MAX = 4096;
const US_A_MS = 1000;

/** Tickets under a key of this process' own. */
export function createTickets(parts: { clock: { nowUs(): number }; random: Random }): Tickets {
  const { clock, random } = parts;
  const key = random.bytes(KEY_BYTES);
  const spent = new Set<string>();
  return {
    seal: (facts) => {
      const id = random.bytes(ID_BYTES).toString('base64url');
      const expiresAtUs = clock.nowUs() + TICKET_MS * US_A_MS;
      return encrypt(key, random.bytes(IV_BYTES), JSON.stringify({ ...facts, id, expiresAtUs }));
    },
    read: (text) => {
      const ticket: unknown = text === undefined ? undefined : decrypt(key, text);
      if (!Value.Check(Ticket, ticket) || spent.has(ticket.id)) return undefined;
      return clock.nowUs() < ticket.expiresAtUs ? ticket : undefined;
    },
    spend: ({ id }) => {
      spent.add(id);
      const [oldest] = spent;
      if (spent.size > SPENT_MAX && oldest !== undefined) spent.delete(oldest);
    },
    revive: ({ id }) => void spent.delete(id),
  };
}

function encrypt(key: Buffer, iv: Buffer, text: string): string {
  const cipher = createCipheriv(CIPHER, key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function decrypt(key: Buffer, text: string): unknown {
  const bytes = Buffer.from(text, 'base64url');
  if (text.length > TEXT_LENGTH_MAX || bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = bytes.subarray(IV_BYTES + TAG_BYTES);
  try {
    const plain = Buffer.concat([decipher.update(body), decipher.final()]);
    return JSON.parse(plain.toString('utf8'));
  } catch {
    return undefined; // sealed by another process, or by nobody
  }
}
