/**
 * Stands in for the pool of threads that draw receipts: bytes that `verify` takes for a receipt and
 * that follow from the entry alone, made after a while, by threads that may die.
 */
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import type { ReceiptFacts, ReceiptPool, ReceiptProof } from '#engine/receipts/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { Dice } from './dice.ts';
import { DAY } from './papers.ts';
import type { SimulatedProcess } from './process.ts';

const TEMPLATE = Buffer.from('%PDF-1.7 of the simulation\n');
const TEMPLATE_HASH = sha256Base64Url(TEMPLATE);
const PROOF = 'proof\n';
const END = '%%EOF\n';
const CALL_MS = { min: 2, max: 60 } as const;
const BATCH_SIZE = 25;
const CALLS_MAX = 2;

export function createReceiptMaker(
  process: SimulatedProcess,
  dice: Dice,
  isDying: () => boolean,
): ReceiptPool {
  return {
    batchSize: BATCH_SIZE,
    callsMax: CALLS_MAX,
    destroy: () => Promise.resolve(),
    run: ({ inputs, knownTemplates }) =>
      new Promise((resolve, reject) => {
        process.timers.after(dice.between(CALL_MS.min, CALL_MS.max), () => {
          if (isDying()) return reject(new Error('the thread died'));
          const made = inputs.map(({ place, entry, proof }) => ({
            place,
            template: TEMPLATE_HASH,
            appended: bytesOf(protocolNumber(entry), proof),
          }));
          const isKnown = knownTemplates.includes(TEMPLATE_HASH);
          const templates = new Map(isKnown ? [] : [[TEMPLATE_HASH, TEMPLATE]]);
          resolve({ made, refused: [], templates });
        });
      }),
  };
}

/** With the protocol number as its title, as `verify` looks for it, and the proof. */
function bytesOf(protocol: string, { tlogProof }: ReceiptProof): Buffer {
  const title = Buffer.from(protocol, 'utf16le').swap16().toString('hex');
  return Buffer.from(`/Title <FEFF${title}>\n${PROOF}${tlogProof}${END}`);
}

/** The proof that such a receipt carries. */
export function proofIn(pdf: Buffer): string {
  const text = pdf.toString('utf8');
  return text.slice(text.indexOf(PROOF) + PROOF.length, -END.length);
}

export function factsOf(application: string): ReceiptFacts {
  const text = 'the same for all';
  return {
    ...{ application, protocol: '', model: 'A', modelTitle: text, clickDay: DAY },
    ...{ employer: text, worker: text, nationality: text, officeName: text },
    ...{ officeCriterion: text, sender: text, digest: sha256Base64Url(application), salt: '' },
    language: 'it',
  };
}
