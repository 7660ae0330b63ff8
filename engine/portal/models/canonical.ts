/**
 * The bytes of an application that its digest stands for (protocol notes: canonical form).
 *
 * RFC 8785 text of the application with a random 128-bit salt, so that a published digest tells
 * nothing about the content to someone who tries likely answers. The salt is on the receipt.
 */
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import type { Random } from '#engine/foundation/random.ts';
import { canonicalText } from '#protocol/canonical.ts';
import type { FormValues } from '#protocol/forms/index.ts';

const SALT_BYTES = 16;

/** A file as the canonical form names it. `sha256`: of its bytes, hexadecimal. */
export interface AttachedFile {
  readonly kind: string;
  readonly sha256: string;
}

/** What is made canonical. `values`: answers of all pages, from `normaliseAll`. */
export interface CanonicalParts {
  readonly id: string;
  readonly model: string;
  readonly version: number;
  readonly values: FormValues;
  /** Files added to it; none when left out. */
  readonly attached?: readonly AttachedFile[];
  /** 22 characters base64url, from `newSalt`. */
  readonly salt: string;
}

/** A fresh salt: 128 bits as base64url. `random` must be the system's source outside of tests. */
export function newSalt(random: Pick<Random, 'bytes'>): string {
  return random.bytes(SALT_BYTES).toString('base64url');
}

/**
 * The canonical text: `id`, `model`, `salt`, `values`, `version`, sorted at every depth, and
 * `attachments` when there are any: `{kind, sha256}` each, sorted by both. The text of an
 * application without files is what it was before there could be files.
 */
export function canonicalApplication(parts: CanonicalParts): string {
  const { id, model, version, values, salt, attached = [] } = parts;
  const whole = { id, model, version, values, salt };
  if (attached.length === 0) return canonicalText(whole);
  const attachments = attached.map(({ kind, sha256 }) => ({ kind, sha256 }));
  attachments.sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
  return canonicalText({ ...whole, attachments });
}

/** Kinds are ASCII without blanks, so this sorts alike in every language. */
function orderOf({ kind, sha256 }: AttachedFile): string {
  return `${kind} ${sha256}`;
}

/** SHA-256 of a canonical text, 43 characters base64url: the `digest` of passbook and ledger. */
export function digestOf(canonical: string): string {
  return sha256Base64Url(canonical);
}
