/**
 * Is a receipt genuine? The steps in their order; the first that fails decides and the rest are
 * not looked at. Nothing here reads a clock, a file or the network, so it runs the same in a
 * browser, without a secure context, and on the command line.
 *
 *     file ─► seal ─► certificate ─► statement ─► checkpoint ─► entry [ ─► history, online ]
 *
 * A genuine verdict says: who holds a trusted seal sealed these bytes, and a trusted log has the
 * entry at its place. It does not say that the gate treated everybody's frames alike before they
 * had their turn (docs/security.md).
 *
 * Bytes that are no receipt never throw: they are refused, with a code of the outcome catalogue.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { LedgerEntry } from '../entry.ts';
import { toBase64 } from '../log/base64.ts';
import type { GenuineCode, ReceiptCode } from '../outcome-catalogue/receipt.ts';
import { isoFromUs } from '../time.ts';
import { readSeal, type Seal } from './cms.ts';
import { compare, hexOf } from './der.ts';
import type { TrustedKeys, TrustedSeal } from './keys.ts';
import { checkInclusion, readLogProof, type SignedCheckpoint } from './log-evidence.ts';
import { compareWithLog, type ReadLog } from './log-history.ts';
import { altered, ReceiptRefused } from './refusal.ts';
import { readAttachments, readSealedPdf, type SealedPdf } from './sealed-pdf.ts';
import { type ReceiptStatement, readEntry, readStatement } from './statement.ts';
import type { EvidenceName, Reason, StepName } from './words.ts';

export interface Evidence {
  readonly name: EvidenceName;
  readonly value: string;
}

/** `ok` is null when a step before has failed. */
export interface Step {
  readonly step: StepName;
  readonly ok: boolean | null;
  readonly evidence: readonly Evidence[];
}

/** What a genuine receipt proves and states. */
export interface ReceiptFacts extends ReceiptStatement {
  readonly gate: string;
  /** Its number at the gate, from 1: so many less one are before it there. */
  readonly seq: number;
  /** RFC 6962 leaf hash, base64url. */
  readonly leafHash: string;
  readonly checkpoint: SignedCheckpoint;
}

export type Verdict = GenuineVerdict | RefusedVerdict;

export interface GenuineVerdict {
  readonly genuine: true;
  readonly code: GenuineCode;
  readonly steps: readonly Step[];
  readonly facts: ReceiptFacts;
}

export interface RefusedVerdict {
  readonly genuine: false;
  readonly code: ReceiptCode;
  /** What exactly is wrong. */
  readonly reason: Reason;
  readonly steps: readonly Step[];
}

const STEPS = ['file', 'seal', 'certificate', 'statement', 'checkpoint', 'entry'] as const;
const MS_A_US = 1000;

/** The verdict on the bytes of a file, from them and the keys alone. */
export async function verifyReceipt(bytes: Uint8Array, keys: TrustedKeys): Promise<Verdict> {
  const done: Step[] = [];
  try {
    const facts = await takeSteps(bytes, keys, (step, evidence) => {
      done.push({ step, ok: true, evidence: evidenceOf(evidence) });
    });
    return { genuine: true, code: codeOf(facts), steps: done, facts };
  } catch (error) {
    if (!(error instanceof ReceiptRefused)) throw error;
    const steps = STEPS.map(
      (step, at) => done[at] ?? { step, ok: at === done.length ? false : null, evidence: [] },
    );
    return { genuine: false, code: error.code, reason: error.reason, steps };
  }
}

/**
 * A genuine verdict with one step more: the log as it is now begins with what the receipt proves.
 * `read` gets the files of the gate's log.
 */
export async function addHistory(
  verdict: GenuineVerdict,
  keys: TrustedKeys,
  read: ReadLog,
): Promise<Verdict> {
  const { steps, facts } = verdict;
  try {
    const now = await compareWithLog(facts.checkpoint, keys.logs, read);
    const evidence = evidenceOf({ size: String(now.size), root: toBase64(now.root) });
    return { ...verdict, steps: [...steps, { step: 'history', ok: true, evidence }] };
  } catch (error) {
    if (!(error instanceof ReceiptRefused)) throw error;
    const all: Step[] = [...steps, { step: 'history', ok: false, evidence: [] }];
    return { genuine: false, code: error.code, reason: error.reason, steps: all };
  }
}

type Report = (step: StepName, evidence: Partial<Record<EvidenceName, string>>) => void;

async function takeSteps(
  bytes: Uint8Array,
  keys: TrustedKeys,
  report: Report,
): Promise<ReceiptFacts> {
  const pdf = readSealedPdf(bytes);
  report('file', { bytes: String(bytes.length), byteRange: pdf.byteRange.join(' ') });
  const seal = readSeal(pdf.cms);
  const digest = sealedDigest(pdf);
  if (compare(digest, seal.digest) !== 0) throw altered('otherDigest');
  report('seal', { digest: hexOf(digest), algorithm: seal.algorithm });
  const files = await readAttachments(pdf.file);
  const entry = readEntry(files['entry.json']);
  const trusted = trustedSeal(seal, keys.seals, entry);
  report('certificate', certificateEvidence(seal, trusted));
  const statement = readStatement(files['receipt.json'], entry);
  if (statement.test !== trusted.test) {
    throw new ReceiptRefused('RECEIPT_CONTENT_WRONG', 'statementDiffers');
  }
  report('statement', { protocol: statement.protocol, stamp: statement.stamp });
  const proof = readLogProof(files['proof.tlog-proof'], entry, keys.logs);
  const { checkpoint } = proof;
  const { origin, size, root, signedBy } = checkpoint;
  report('checkpoint', { origin, size: String(size), root: toBase64(root), signedBy });
  const leaf = checkInclusion(entry, proof);
  report('entry', {
    leaf: files['entry.json'],
    leafHash: base64Url(leaf),
    index: String(proof.index),
    path: proof.hashes.map(toBase64).join(' '),
  });
  const { gate, seq } = entry;
  return { ...statement, gate, seq, leafHash: base64Url(leaf), checkpoint };
}

function sealedDigest({ sealed: [before, behind] }: SealedPdf): Uint8Array {
  return sha256.create().update(before).update(behind).digest();
}

/** The trusted seal whose certificate it is; refuses one unknown, revoked, or not valid then. */
function trustedSeal(
  { certificate }: Seal,
  seals: readonly TrustedSeal[],
  { stampUs }: LedgerEntry,
): TrustedSeal {
  const known = seals.filter(({ der }) => compare(der, certificate.der) === 0);
  const [trusted] = known;
  if (trusted === undefined) throw new ReceiptRefused('RECEIPT_SEAL_UNKNOWN', 'otherSeal');
  if (known.some(({ revokedAt }) => revokedAt !== undefined)) {
    throw new ReceiptRefused('RECEIPT_SEAL_REVOKED', 'sealRevoked');
  }
  const stampMs = stampUs / MS_A_US;
  if (stampMs < certificate.notBeforeMs || stampMs > certificate.notAfterMs) {
    throw new ReceiptRefused('RECEIPT_SEAL_NOT_VALID', 'sealNotValid');
  }
  return trusted;
}

function certificateEvidence({ certificate }: Seal, { test }: TrustedSeal) {
  const { subject, notBeforeMs, notAfterMs } = certificate;
  const validity = [notBeforeMs, notAfterMs].map((ms) => isoFromUs(ms * MS_A_US)).join(' – ');
  const fingerprint = certificate.sha256;
  return { subject, fingerprint, validity, ...(test && { testSeal: 'TEST / PROVA' }) };
}

function codeOf({ rehearsal, test }: ReceiptFacts): GenuineCode {
  if (rehearsal) return 'RECEIPT_REHEARSAL';
  return test ? 'RECEIPT_TEST_SEAL' : 'RECEIPT_GENUINE';
}

function evidenceOf(members: Partial<Record<EvidenceName, string>>): Evidence[] {
  return Object.entries(members).map(([name, value]) => ({ name: name as EvidenceName, value }));
}

function base64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
