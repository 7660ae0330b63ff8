/**
 * What a receipt is made of. Everything here is plain data: it crosses to the pool's threads as it
 * is, and one input always gives the same page, attachments and digest. The seal over them is the
 * same too with an RSA key, and another each time with ECDSA, whose nonce Node draws itself. So a
 * receipt may be made again at any time, and is stored once: the first that is on disk stays.
 *
 * What stands in the ledger (stamp, number, gate) comes from the entry and never from the portal;
 * the portal adds what a person needs to know the application again.
 */
import type { LedgerEntry } from '#protocol/entry.ts';

/** What the portal knows of a submitted application. All texts as the applicant wrote them. */
export interface ReceiptFacts {
  readonly application: string;
  readonly protocol: string;
  readonly model: string;
  /** In `language`. */
  readonly modelTitle: string;
  readonly clickDay: string;
  /** What the call wants said of an application: for a work permit these three. */
  readonly employer: string;
  readonly worker: string;
  readonly nationality: string;
  /** What these three lines are called, in `language`; without it employer, worker, nationality. */
  readonly labels?: readonly string[];
  /** Who issues the receipt; without it the Sportello Unico. */
  readonly issuer?: string;
  readonly officeName: string;
  /** Why that office is competent, a short text in `language`. */
  readonly officeCriterion: string;
  /** The account that sent the application, as a person reads it. */
  readonly sender: string;
  /** SHA-256 of the canonical application, base64url. */
  readonly digest: string;
  readonly salt: string;
  readonly language: 'it' | 'en';
}

/** That the entry stands in the public log of its gate. */
export interface ReceiptProof {
  /** The text of `proof.tlog-proof` (c2sp.org/tlog-proof@v1), the signed checkpoint in it. */
  readonly tlogProof: string;
}

/** One receipt to be made. `url` is what the QR code holds, at most 200 characters. */
export interface ReceiptInput {
  readonly place: number;
  readonly entry: LedgerEntry;
  readonly facts: ReceiptFacts;
  readonly proof: ReceiptProof;
  /** When it is sealed; the seal claims this instant. */
  readonly sealedAtUs: number;
  readonly url: string;
  /** A receipt of a rehearsal says across its page that it has no value. */
  readonly rehearsal: boolean;
}

/** The bytes of one receipt that are its own; with its template in front they are the PDF. */
export interface MadeReceipt {
  readonly place: number;
  /** SHA-256 of the template, base64url. */
  readonly template: string;
  readonly appended: Uint8Array;
}

/** A receipt that could not be made, and why (an error's text, for the control room). */
export interface RefusedReceipt {
  readonly place: number;
  readonly reason: string;
}
