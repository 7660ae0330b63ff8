/**
 * No byte of a receipt is free: whatever is changed, cut off, added or laid over is refused. All of
 * a receipt's bytes are taken in the gap of its seal, which nothing signs; elsewhere a thousand.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { readTrustedKeys, verifyReceipt } from '#protocol/receipt/index.ts';
import { ReceiptStage } from '#test/support/receipt-stage.ts';
import { testSeal } from '#test/support/test-seal.ts';

const stage = new ReceiptStage({ seal: testSeal('rsa') });
const curved = new ReceiptStage({ gate: 'g2', seal: testSeal('ec') });
const seals = [stage.keys(), curved.keys()].flatMap((keys) => keys.seals);
const logs = [stage.keys(), curved.keys()].flatMap((keys) => keys.logs);
const keys = readTrustedKeys({ seals, logs })!;
const CHANGES = 1000;
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** Undefined when it is refused, as it must be; else what was taken for genuine. */
async function taken(pdf: Uint8Array, what: string): Promise<string | undefined> {
  const { genuine, code } = await verifyReceipt(pdf, keys);
  return genuine ? `${what}: ${code}` : undefined;
}

function withByte(pdf: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = Uint8Array.from(pdf);
  changed[at] = byte;
  return changed;
}

/** Where the hex of the seal stands, its brackets included. */
function gapOf(pdf: Uint8Array): { start: number; end: number } {
  const [, , a, b] = /\/ByteRange \[(\d+) +(\d+) +(\d+)/.exec(latin1(pdf))!;
  return { start: Number(a), end: Number(b) };
}

describe('a receipt with one byte changed', () => {
  let receipts: Uint8Array[];
  beforeAll(async () => {
    receipts = [
      await stage.receipt(1),
      await stage.receipt(13, { size: 14, facts: { language: 'en' } }),
      await stage.receipt(20, { rehearsal: true, facts: { worker: 'Ωμέγα Ж' } }),
      await curved.receipt(5),
    ];
    for (const pdf of receipts) expect((await verifyReceipt(pdf, keys)).genuine).toBe(true);
  });

  it(`is refused, ${CHANGES} times at random`, async () => {
    const random = seededRandom('one byte', { nowUs: () => 0 });
    const found: (string | undefined)[] = [];
    for (let change = 0; change < CHANGES; change += 1) {
      const pdf = receipts[change % receipts.length]!;
      const at = random.integer(pdf.length);
      const byte = (pdf[at]! + 1 + random.integer(255)) % 256;
      found.push(await taken(withByte(pdf, at, byte), `byte ${at} = ${byte} of ${change % 4}`));
    }
    expect(found.filter((one) => one !== undefined)).toEqual([]);
  });

  it('is refused at every byte of the seal’s gap', async () => {
    for (const pdf of [receipts[0]!, receipts[3]!]) {
      const { start, end } = gapOf(pdf);
      const found: (string | undefined)[] = [];
      for (let at = start; at < end; at += 1) {
        const byte = pdf[at]!;
        const letter = String.fromCharCode(byte);
        // Another digit, and the same in capitals.
        const digit = letter === '0' ? '1' : '0';
        const others = new Set([digit.charCodeAt(0), letter.toUpperCase().charCodeAt(0)]);
        for (const other of [...others].filter((one) => one !== byte)) {
          found.push(await taken(withByte(pdf, at, other), `byte ${at} = ${other}`));
        }
      }
      expect(found.length).toBeGreaterThanOrEqual(end - start);
      expect(found.filter((one) => one !== undefined)).toEqual([]);
    }
  });
});

describe('a receipt that was cut or goes on', () => {
  it('is refused', async () => {
    const pdf = await stage.receipt(2);
    const lengths = [0, 1, 5, 100, gapOf(pdf).start, gapOf(pdf).end, pdf.length - 1];
    for (const length of lengths) {
      expect(await taken(pdf.subarray(0, length), `cut to ${length}`)).toBeUndefined();
    }
    for (const more of ['\n', ' ', '%%EOF\n', '\0', latin1(pdf), 'startxref\n0\n%%EOF\n']) {
      const longer = new Uint8Array(Buffer.concat([pdf, Buffer.from(more, 'latin1')]));
      expect(await taken(longer, `with ${more.length} more`)).toBeUndefined();
    }
    const twice = new Uint8Array(Buffer.concat([Buffer.from('\n'), pdf]));
    expect(await taken(twice, 'with one before')).toBeUndefined();
  });
});

describe('a receipt that is updated after its seal', () => {
  const refusalOf = async (pdf: Uint8Array) => {
    const verdict = await verifyReceipt(pdf, keys);
    return verdict.genuine ? verdict.code : [verdict.code, verdict.reason];
  };

  it('is refused when the page is laid over with another', async () => {
    const pdf = await stage.receipt(2);
    const content = /\/Contents \[ \d+ 0 R (\d+) 0 R \]/.exec(latin1(pdf))![1]!;
    const over = `${content} 0 obj\n<< /Length 4 >>\nstream\nq Q\n\nendstream\nendobj\n`;
    expect(await refusalOf(updated(pdf, { [content]: over }))).toEqual([
      'RECEIPT_ALTERED',
      'pdfSections',
    ]);
  });

  it('is refused when there is a second seal, whoever’s', async () => {
    const pdf = await stage.receipt(2);
    const text = latin1(pdf);
    const form = /\/AcroForm <<[\s\S]*?\/Fields \[ (\d+) 0 R \]/.exec(text)![1]!;
    const [seal] = /\/ByteRange \[[^\]]*\]\s\/Contents <[0-9a-f]*>/.exec(text)!;
    const kind = '/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached';
    const field = `${form} 0 obj\n<< /FT /Sig /V << ${kind} ${seal} >> >>\nendobj\n`;
    expect(await refusalOf(updated(pdf, { [form]: field }))).toEqual([
      'RECEIPT_ALTERED',
      'manySeals',
    ]);
  });

  it('is refused when the seal’s range is written anew to cover the update', async () => {
    const pdf = await stage.receipt(2);
    const longer = updated(pdf, { 9: '9 0 obj\n<< /Title (Another) >>\nendobj\n' });
    const { end } = gapOf(pdf);
    const rest = String(longer.length - end).padEnd(7);
    const text = latin1(longer).replace(/(\/ByteRange \[0 .{7} .{7} ).{7}/, `$1${rest}`);
    expect(await refusalOf(new Uint8Array(Buffer.from(text, 'latin1')))).toEqual([
      'RECEIPT_ALTERED',
      'pdfSections',
    ]);
  });
});

/** The file with an incremental update behind it, as any editor of PDF writes one. */
function updated(pdf: Uint8Array, objects: Readonly<Record<string, string>>): Uint8Array {
  const text = latin1(pdf);
  const before = /startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]!;
  const trailer = /trailer\n<< ([^>]*) \/Prev \d+/.exec(text)![1]!;
  let body = text;
  let rows = '';
  for (const [number, object] of Object.entries(objects)) {
    rows += `${number} 1\n${String(body.length).padStart(10, '0')} 00000 n \n`;
    body += object;
  }
  const ending = `xref\n${rows}trailer\n<< ${trailer} /Prev ${before} >>\n`;
  const whole = `${body}${ending}startxref\n${body.length}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(whole, 'latin1'));
}
