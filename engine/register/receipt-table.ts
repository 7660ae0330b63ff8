/**
 * Receipts on disk, in the register's environment because the registrar's process is their only
 * writer. A receipt is stored as the bytes that are its own (3.7 KB packed, one page) and the hash
 * of its template; templates are stored once, so that 400,000 receipts need 1.8 GB and not 13.
 *
 *     receipts    place → 32 bytes SHA-256 of the template, packed bytes (receipt-packing.ts)
 *     seals       place → seal of the receipt's value (seal.ts); those of older ones have none
 *     templates   hash (base64url) → bytes
 *     failures    place → JSON { application, reason, attempts }
 *     untold      places whose receipt the portal may not have heard of yet
 */
import { assert } from '#engine/foundation/assert.ts';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import type { Environment } from '#engine/store/index.ts';
import { packReceipt, unpackReceipt } from './receipt-packing.ts';
import { checkSeal, RegisterDamaged, sealOf } from './seal.ts';

/** A receipt that was set aside after its attempts were used up. */
export interface ReceiptFailure {
  readonly application: string;
  readonly reason: string;
  readonly attempts: number;
}

/**
 * A receipt's own bytes: as they follow its template, or packed by `packReceipt` already. Packing
 * takes 0.4 ms, which who makes many leaves to other threads than the writer's.
 */
export type ReceiptBytes = { readonly place: number; readonly template: string } & (
  | { readonly appended: Uint8Array }
  | { readonly packed: Uint8Array }
);

/** One transaction's worth of results. */
export interface ReceiptBatch {
  /** By hash; those already stored may be given again. */
  readonly templates: ReadonlyMap<string, Uint8Array>;
  readonly receipts: readonly ReceiptBytes[];
  readonly failures: readonly (ReceiptFailure & { readonly place: number })[];
  /** Places that the portal has heard of since the last batch. */
  readonly told: readonly number[];
}

export interface ReceiptTable {
  /** The whole PDF; undefined while there is none. Throws when it or its template is damaged. */
  get(place: number): Buffer | undefined;
  has(place: number): boolean;
  hasTemplate(hash: string): boolean;
  /** The stored halves, for those who check them. Throws when they are damaged. */
  parts(place: number): { template: string; appended: Buffer } | undefined;
  template(hash: string): Buffer | undefined;
  /** Places that have a receipt, rising. */
  places(): Iterable<number>;
  /** O(number of receipts). */
  count(): number;
  failureAt(place: number): ReceiptFailure | undefined;
  failures(): (ReceiptFailure & { place: number })[];
  /** Places stored and not in a later batch's `told`, rising. */
  untold(): number[];
  /** In one transaction; a receipt already there stays as it is. Writer only. */
  store(batch: ReceiptBatch): Promise<void>;
  /** Takes a failure off the list, so that its receipt is tried again. Writer only. */
  forgive(place: number): Promise<void>;
}

const HASH_BYTES = 32;
const NOTHING = Buffer.from([0]);

/** The tables of receipts in an environment that is open already. */
export function openReceiptTable(environment: Environment): ReceiptTable {
  const receipts = environment.table<number>('receipts', 'uint32');
  const seals = environment.table<number>('receipt-seals', 'uint32');
  const templates = environment.table<string>('templates', 'text');
  const failures = environment.table<number>('failures', 'uint32');
  const untold = environment.table<number>('untold', 'uint32');

  const known = new Map<string, Buffer>();

  const template = (hash: string): Buffer | undefined => {
    const checked = known.get(hash);
    if (checked !== undefined) return checked;
    const bytes = templates.get(hash);
    if (bytes === undefined) return undefined;
    if (sha256Base64Url(bytes) !== hash) throw new RegisterDamaged(`template ${hash} is damaged`);
    known.set(hash, bytes);
    return bytes;
  };
  const parts = (place: number) => {
    const value = receipts.get(place);
    if (value === undefined) return undefined;
    const seal = seals.get(place);
    if (seal !== undefined) checkSeal('receipts', place, value, seal);
    const hash = value.toString('base64url', 0, HASH_BYTES);
    const bytes = template(hash);
    assert(bytes !== undefined, `the template of receipt ${place} is missing`);
    return { template: hash, appended: unpackReceipt(value.subarray(HASH_BYTES), bytes) };
  };
  const failureOf = (value: Buffer) => JSON.parse(value.toString('utf8')) as ReceiptFailure;

  const write = (batch: ReceiptBatch): void => {
    for (const [hash, bytes] of batch.templates) {
      if (templates.get(hash) === undefined) templates.put(hash, bytes);
    }
    let last = receipts.last() ?? 0;
    for (const receipt of batch.receipts) {
      const { place, template: hash } = receipt;
      if (receipts.get(place) !== undefined) continue;
      const bytes = batch.templates.get(hash) ?? template(hash);
      assert(bytes !== undefined, 'a receipt came without its template');
      const packed = 'packed' in receipt ? receipt.packed : packReceipt(receipt.appended, bytes);
      const value = Buffer.concat([Buffer.from(hash, 'base64url'), packed]);
      const seal = sealOf('receipts', place, value);
      if (place > last) {
        receipts.append(place, value); // fills pages; put would leave halves empty
        seals.append(place, seal);
      } else {
        receipts.put(place, value);
        seals.put(place, seal);
      }
      last = Math.max(last, place);
      failures.remove(place);
      untold.put(place, NOTHING);
    }
    for (const place of batch.told) untold.remove(place);
    for (const { place, ...failure } of batch.failures) {
      failures.put(place, Buffer.from(JSON.stringify(failure)));
    }
  };

  return {
    parts,
    get: (place) => {
      const found = parts(place);
      if (found === undefined) return undefined;
      return Buffer.concat([template(found.template)!, found.appended]);
    },
    has: (place) => receipts.get(place) !== undefined,
    hasTemplate: (hash) => templates.get(hash) !== undefined,
    template,
    places: () => receipts.keys(),
    count: () => receipts.count(),
    failureAt: (place) => {
      const value = failures.get(place);
      return value === undefined ? undefined : failureOf(value);
    },
    failures: () =>
      Array.from(failures.range(), ({ key, value }) => ({ place: key, ...failureOf(value) })),
    untold: () => Array.from(untold.keys()),
    store: (batch) => environment.transaction(() => write(batch)),
    forgive: (place) => environment.transaction(() => failures.remove(place)),
  };
}
