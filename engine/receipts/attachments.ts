/**
 * What is attached to a receipt, so that it can be checked without asking anybody: the ledger's
 * leaf, its proof of inclusion in the public log, and what the page states in a form for programs.
 * Names, order and descriptions are the same on every receipt and stand in the template; each
 * receipt puts the bytes there.
 *
 *     entry.json         the bytes whose hash is the leaf, exactly
 *     proof.tlog-proof   c2sp.org/tlog-proof@v1
 *     receipt.json       RFC 8785: `ReceiptStatement`
 */
import { leafText } from '#protocol/entry.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { ReceiptInput } from './facts.ts';

export const ATTACHMENTS = [
  { name: 'entry.json', mime: 'application#2Fjson' },
  { name: 'proof.tlog-proof', mime: 'text#2Fplain' },
  { name: 'receipt.json', mime: 'application#2Fjson' },
] as const;

export type AttachmentName = (typeof ATTACHMENTS)[number]['name'];

/** What each attachment repeats: the template has it, so that stored receipts are smaller. */
export const ATTACHMENT_SAMPLES: readonly string[] = attachmentTexts(
  {
    ...{ place: 0, url: '', rehearsal: false, sealedAtUs: 0 },
    proof: { tlogProof: 'c2sp.org/tlog-proof@v1\nindex ' },
    entry: {
      ...{ application: '', clickDay: '', digest: '', gate: '', model: '', office: '', seq: 0 },
      ...{ stampUs: 0, uncertaintyUs: 0 },
    },
    facts: {
      ...{ application: '', clickDay: '', digest: '', employer: '', language: 'it', model: '' },
      ...{ modelTitle: '', nationality: '', officeCriterion: '', officeName: '', protocol: '' },
      ...{ salt: '', sender: '', worker: '' },
    },
  },
  true,
);

/** The bytes of each, in the order of `ATTACHMENTS`. `isTest`: sealed with a test key. */
export function attachmentBytes(input: ReceiptInput, isTest: boolean): Buffer[] {
  return attachmentTexts(input, isTest).map((text) => Buffer.from(text));
}

function attachmentTexts(input: ReceiptInput, isTest: boolean): string[] {
  const texts: Record<AttachmentName, string> = {
    'entry.json': leafText(input.entry),
    'proof.tlog-proof': input.proof.tlogProof,
    'receipt.json': statementText(input, isTest),
  };
  return ATTACHMENTS.map(({ name }) => texts[name]);
}

/** Its members stand in the order of their names, as RFC 8785 asks. */
export function statementText(input: ReceiptInput, isTest: boolean): string {
  const { entry, facts, place, url, rehearsal } = input;
  return JSON.stringify({
    application: facts.application,
    clickDay: facts.clickDay,
    digest: facts.digest,
    employer: facts.employer,
    format: 1,
    language: facts.language,
    model: facts.model,
    modelTitle: facts.modelTitle,
    nationality: facts.nationality,
    office: entry.office,
    officeCriterion: facts.officeCriterion,
    officeName: facts.officeName,
    place,
    protocol: facts.protocol,
    rehearsal,
    salt: facts.salt,
    sender: facts.sender,
    stamp: isoFromUs(entry.stampUs),
    test: isTest,
    uncertaintyUs: entry.uncertaintyUs,
    url,
    worker: facts.worker,
  });
}
