/**
 * What every peer does with a submission before it stores it, as the gate does: the passbook's
 * Ed25519 signature is checked once and the passbook kept, the application must be in it, its
 * click day must be open. The words of its answers are those of the gate.
 *
 * Does not do what the gate does beyond: turns, limits by account, a clock with uncertainty, the
 * Merkle log. A peer has less work.
 */
import type { JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type VerifyingKey, verifyCompact, verifyingKeyFrom } from '#engine/foundation/jws.ts';
import { PASSBOOK_TYP, type PassbookClaims, type PassbookLine } from '#protocol/passbook.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';

/** What the suite tells a peer's program, as JSON in its first argument. */
export interface PeerOrder {
  /** The portal's public keys, a JWKS file. */
  readonly keys: string;
  readonly clickDays: readonly { id: string; opensAt: string; closesAt: string }[];
  /** A folder for its own files, or the address of its store. */
  readonly store: string;
  /** How the program is to be different from its default, if at all. */
  readonly variant?: string;
}

/** What a store adds to a line when it has it on disk. */
export interface Kept {
  readonly seq: number;
  readonly stamp: string;
}

/** Where a peer keeps submissions. MUST NOT resolve before the entry survives power loss. */
export interface Store {
  append(line: PassbookLine): Promise<Kept>;
}

export type Lines = ReadonlyMap<string, PassbookLine>;

export interface Intake {
  /** The applications of a passbook; undefined when it is refused. */
  passbook(token: string): Lines | undefined;
  /** The members of `accepted`, or the code of a refusal. */
  submit(lines: Lines, application: string): Promise<Accepted> | string;
}

export interface Accepted extends Kept {
  readonly application: string;
  readonly protocol: string;
  readonly uncertaintyUs: number;
}

const SEQ_DIGITS = 9;
const UNCERTAINTY_US = 50_000;
const US_A_MS = 1_000;

/** The order this program was started with. */
export function readOrder(): PeerOrder {
  return JSON.parse(process.argv[2] ?? '') as PeerOrder;
}

/** The instant of this machine's clock, as a stamp. */
export function stampNow(): string {
  return isoFromUs(Math.round((performance.timeOrigin + performance.now()) * US_A_MS));
}

function readPassbook(token: string, keys: readonly VerifyingKey[]): Lines | undefined {
  const claims = verifyCompact({ token, typ: PASSBOOK_TYP, keys }) as PassbookClaims | undefined;
  if (claims === undefined || claims.exp * 1_000 <= Date.now()) return undefined;
  return new Map(claims.applications.map((line) => [line.id, line]));
}

/** The steps before a store. */
export function createIntake(order: PeerOrder, store: Store): Intake {
  const jwks = JSON.parse(readFileSync(order.keys, 'utf8')) as { keys: JsonWebKey[] };
  const keys = jwks.keys.map((jwk) => verifyingKeyFrom(jwk));
  const known = new Map<string, Lines>();
  const windows = new Map(
    order.clickDays.map(({ id, opensAt, closesAt }) => [
      id,
      { opensAtMs: usFromIso(opensAt) / US_A_MS, closesAtMs: usFromIso(closesAt) / US_A_MS },
    ]),
  );
  const refusal = (line: PassbookLine) => {
    const window = windows.get(line.clickDay);
    if (window === undefined) return 'WRONG_CLICK_DAY';
    const nowMs = Date.now();
    if (nowMs < window.opensAtMs) return 'TOO_EARLY';
    return nowMs >= window.closesAtMs ? 'CLOSED' : undefined;
  };
  return {
    passbook: (token) => {
      const lines = known.get(token) ?? readPassbook(token, keys);
      if (lines !== undefined) known.set(token, lines);
      return lines;
    },
    submit: (lines, application) => {
      const line = lines.get(application);
      if (line === undefined) return 'UNKNOWN_APPLICATION';
      return refusal(line) ?? store.append(line).then((kept) => acceptedOf(line, kept));
    },
  };
}

function acceptedOf(line: PassbookLine, { seq, stamp }: Kept): Accepted {
  const protocol = `${line.clickDay}/p1/${String(seq).padStart(SEQ_DIGITS, '0')}`;
  return { application: line.id, protocol, seq, stamp, uncertaintyUs: UNCERTAINTY_US };
}

/** An entry as a peer stores it: what the ledger's entry says, without the hashes. */
export interface StoredEntry extends Kept {
  readonly application: string;
  readonly clickDay: string;
  readonly model: string;
  readonly office: string;
  readonly digest: string;
}

/**
 * A store that numbers in its one process and answers a repeated application with the first
 * outcome. `write` MUST NOT resolve before the entry survives power loss; entries reach it in the
 * order of their numbers.
 */
export function numbered(write: (entry: StoredEntry) => Promise<unknown>): Store {
  const kept = new Map<string, Promise<Kept>>();
  let last = 0;
  const append = async ({ id, clickDay, model, office, digest }: PassbookLine) => {
    last += 1;
    const entry = { application: id, clickDay, model, office, digest, seq: last };
    const stamped = { ...entry, stamp: stampNow() };
    await write(stamped);
    return { seq: stamped.seq, stamp: stamped.stamp };
  };
  return {
    append: (line) => {
      const known = kept.get(line.id) ?? append(line);
      kept.set(line.id, known);
      return known;
    },
  };
}
