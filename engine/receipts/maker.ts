/**
 * Makes the bytes of receipts. Keeps the templates it has built (at most 24 for each set of
 * words that the models of a call have: two languages, six reaches of letters, rehearsal or not)
 * and nothing else; knows no store, no pool and no clock.
 */
import { attachmentBytes } from './attachments.ts';
import { drawContent, personalTexts } from './content.ts';
import type { MadeReceipt, ReceiptInput } from './facts.ts';
import { REACHES } from './fonts.ts';
import { romeClock } from './moments.ts';
import { openSeal, type SealMaterial } from './seal/material.ts';
import { buildTemplate, type Template, type TemplateKind } from './template.ts';
import { wordsOf } from './texts.ts';
import { tidyText } from './typesetting.ts';
import { appendUpdate } from './update.ts';

export interface ReceiptMaker {
  /** About 1 ms, and 0.2 s for the first of a kind. Throws when the facts cannot be printed. */
  make(input: ReceiptInput): Promise<MadeReceipt>;
  /** The bytes of a template this maker has used. */
  template(hash: string): Uint8Array | undefined;
}

/** A maker with no templates yet, that seals with `seal`. */
export function createReceiptMaker(seal: SealMaterial): ReceiptMaker {
  const { sealing, mark, certificate } = openSeal(seal);
  const templates = new Map<string, Promise<Template>>();
  const bytes = new Map<string, Uint8Array>();
  const inRome = romeClock();

  const templateFor = async (kind: TemplateKind): Promise<Template> => {
    const { texts, reach, rehearsal } = kind;
    const words = [texts.lang, texts.issuer, texts.employer, texts.worker, texts.nationality];
    const name = JSON.stringify([reach, rehearsal, ...words]);
    const known = templates.get(name) ?? buildTemplate(kind);
    templates.set(name, known);
    const template = await known;
    bytes.set(template.hash, template.bytes);
    return template;
  };

  /** Of the smallest reach that has all letters of `text`, or of the widest. */
  const templateThatSets = async (text: string, kind: Omit<TemplateKind, 'reach'>) => {
    for (const reach of REACHES.slice(0, -1)) {
      const template = await templateFor({ ...kind, reach });
      if (canSet(template, text)) return template;
    }
    return templateFor({ ...kind, reach: REACHES.at(-1)! });
  };

  return {
    make: async (input) => {
      assertPrintable(input);
      const texts = wordsOf(input.facts);
      const kind = { texts, rehearsal: input.rehearsal, seal: mark, certificate };
      const template = await templateThatSets(personalTexts(input), kind);
      const content = drawContent(input, { faces: template.faces, texts, inRome });
      const about = {
        title: `${texts.title} ${input.facts.protocol}`,
        subject: input.rehearsal ? texts.watermark : input.facts.application,
        author: texts.issuer,
        createdAtUs: input.entry.stampUs,
        sealedAtUs: input.sealedAtUs,
      };
      const files = attachmentBytes(input, mark.isTest);
      const appended = appendUpdate(template, { content, about, files }, sealing);
      return { place: input.place, template: template.hash, appended };
    },
    template: (hash) => bytes.get(hash),
  };
}

function canSet(template: Template, text: string): boolean {
  const { glyphs } = template.faces.text;
  return Array.from(tidyText(text)).every((letter) => glyphs.has(letter));
}

/** The facts come from another room and another time: what cannot be printed is named. */
function assertPrintable({ facts, entry }: ReceiptInput): void {
  for (const [name, value] of Object.entries(facts)) {
    const isText = typeof value === 'string' || name === 'labels';
    if (!isText) throw new TypeError(`receipt fact ${name} is not a text`);
  }
  if (facts.application !== entry.application) {
    throw new Error('the receipt facts are of another application');
  }
  if (facts.digest !== entry.digest) {
    throw new Error('the digest of the application is not the one in the ledger');
  }
}
