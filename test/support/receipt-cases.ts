/** One receipt, or what pretends to be one, for each verdict, with the words that people read. */
import type { VerificationKeys } from '#protocol/portal-api.ts';
import { LogKey, ReceiptStage } from '#test/support/receipt-stage.ts';
import { testSeal } from '#test/support/test-seal.ts';

/** Who has issued the genuine ones. */
export const stage = new ReceiptStage({ seal: { ...testSeal(), isTest: false } });
const elsewhere = new ReceiptStage();

export interface ReceiptCase {
  readonly name: string;
  readonly file: { readonly name: string; readonly bytes: Uint8Array };
  readonly keys: VerificationKeys;
  /** The title of the verdict. */
  readonly it: string;
  readonly en: string;
}

export async function receiptCases(): Promise<ReceiptCase[]> {
  const good = await stage.receipt(7);
  const keys = stage.keys();
  const file = (bytes: Uint8Array, name = 'ricevuta.pdf') => ({ name, bytes });
  const test = new ReceiptStage();
  const other = stage.tlogProof(7, 20, new LogKey(stage.origin));
  const altered = Uint8Array.from(good);
  altered[30_000]! ^= 1;
  const [log] = keys.logs;
  const revokedAt = '2011-03-01T00:00:00.000000Z';
  const revoked = [{ key: stage.logKey.verifierKey, revokedAt }];
  const made = async (
    name: string,
    bytes: Uint8Array,
    words: readonly [string, string],
    known = keys,
  ): Promise<ReceiptCase> => ({ name, file: file(bytes), keys: known, it: words[0], en: words[1] });
  return [
    await made('genuine', good, ['Ricevuta autentica', 'Genuine receipt']),
    await made(
      'test-seal',
      await test.receipt(7),
      ['Autentica, con un sigillo di prova', 'Genuine, with a test seal'],
      test.keys(),
    ),
    await made('rehearsal', await stage.receipt(7, { rehearsal: true }), [
      'PROVA – autentica, ma non ha valore',
      'REHEARSAL – genuine, but of no value',
    ]),
    await made('altered', altered, ['La ricevuta è stata alterata', 'The receipt was altered']),
    await made('foreign-seal', await elsewhere.receipt(7), [
      'Il sigillo non è di questo portale',
      'The seal is not this portal’s',
    ]),
    await made('foreign-log', await stage.receipt(7, { tlogProof: other }), [
      'La prova è di un altro registro',
      'The proof is another log’s',
    ]),
    await made(
      'revoked-seal',
      good,
      ['Il sigillo è stato revocato', 'The seal was revoked'],
      stage.keys({ revokedAt }),
    ),
    await made(
      'revoked-log-key',
      good,
      ['La chiave della prova è stata revocata', 'The key of the proof was revoked'],
      { ...keys, logs: [{ ...log!, revoked }] },
    ),
    {
      ...(await made('no-pdf', Buffer.from('PK lettera'), [
        'Questo file non è un PDF',
        'This file is no PDF',
      ])),
      file: file(Buffer.from('PK lettera'), 'lettera.docx'),
    },
    await made('no-seal', Buffer.from('%PDF-1.4\n%%EOF\n'), [
      'Questo PDF non ha sigillo',
      'This PDF has no seal',
    ]),
    await made('too-large', new Uint8Array(1_100_000).fill(37), [
      'Il file è troppo grande',
      'The file is too large',
    ]),
  ];
}
