/**
 * Bytes of any kind are refused and never throw, nor take long: what a checker is given may have
 * been made to break it.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RECEIPT_BYTES_MAX, readTrustedKeys, verifyReceipt } from '#protocol/receipt/index.ts';
import { PdfFile } from '#protocol/receipt/pdf-file.ts';
import { readAttachments } from '#protocol/receipt/sealed-pdf.ts';
import { isSignedBy } from '#protocol/receipt/signature.ts';
import { ReceiptStage } from '#test/support/receipt-stage.ts';

const stage = new ReceiptStage();
const keys = readTrustedKeys(stage.keys())!;
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const refusal = async (bytes: Uint8Array) => (await verifyReceipt(bytes, keys)).code;

describe('a check of bytes that are no receipt', () => {
  let receipt: Uint8Array;
  beforeAll(async () => {
    receipt = await stage.receipt(4);
  });

  it('refuses them, whatever they are', async () => {
    const start = fc.constantFrom('', '%PDF-1.7\n', '%PDF-1.7\n/ByteRange ');
    const words = fc.array(
      fc.constantFrom(
        '<<',
        '>>',
        '[',
        ']',
        '(',
        ')',
        '<',
        '>',
        '/A',
        '/Prev',
        '1 0 R',
        ' 0 ',
        '\\',
      ),
    );
    const end = fc.constantFrom('', 'startxref\n9\n%%EOF\n', 'startxref\n0\n%%EOF\n');
    const anything = fc.tuple(start, words, fc.string({ unit: 'binary' }), end);
    await fc.assert(
      fc.asyncProperty(anything, async ([head, tokens, noise, tail]) => {
        const text = `${head}xref\ntrailer\n${tokens.join('')}${noise}${tail}`;
        expect((await verifyReceipt(bytesOf(text), keys)).genuine).toBe(false);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('refuses a receipt in which parts were put in the place of others', async () => {
    const place = fc.nat({ max: receipt.length - 1 });
    const splice = fc.record({ from: place, length: fc.nat({ max: 400 }), to: place });
    await fc.assert(
      fc.asyncProperty(fc.array(splice, { minLength: 1, maxLength: 4 }), async (splices) => {
        const changed = Uint8Array.from(receipt);
        for (const { from, length, to } of splices) changed.copyWithin(to, from, from + length);
        const isSame = Buffer.from(changed).equals(Buffer.from(receipt));
        expect((await verifyReceipt(changed, keys)).genuine).toBe(isSame);
      }),
      { seed: 2, numRuns: 400 },
    );
  });

  it('refuses a seal in which DER was changed at will', async () => {
    const text = Buffer.from(receipt).toString('latin1');
    const [, , a] = /\/ByteRange \[(\d+) +(\d+)/.exec(text)!;
    const start = Number(a) + 1;
    const change = fc.record({ at: fc.nat({ max: 400 }), byte: fc.nat({ max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const changed = Buffer.from(receipt);
        for (const { at, byte } of changes) {
          changed.write(byte.toString(16).padStart(2, '0'), start + 2 * at, 'latin1');
        }
        const { genuine } = await verifyReceipt(new Uint8Array(changed), keys);
        expect(genuine).toBe(changed.equals(Buffer.from(receipt)));
      }),
      { seed: 3, numRuns: 400 },
    );
  });

  it('says of what kind they are not', async () => {
    expect(await refusal(bytesOf('PK\x03\x04 a letter'))).toBe('RECEIPT_NOT_PDF');
    expect(await refusal(bytesOf('%PDF-1.4\nhello\n%%EOF\n'))).toBe('RECEIPT_NOT_SEALED');
    expect(await refusal(new Uint8Array(RECEIPT_BYTES_MAX + 1))).toBe('RECEIPT_TOO_LARGE');
  });

  it('is done soon with a megabyte of brackets, digits or references in a circle', async () => {
    const circle = objects({ 1: '<< /AcroForm 2 0 R >>', 2: '3 0 R', 3: '2 0 R' });
    const fills = ['[', '(', '<<', '<a', '1', '/', ' ', '1 0 R ', '<< /A '];
    const large = fills.map((fill) => {
      const body = fill.repeat(1_000_000 / fill.length);
      return `%PDF-1.7\n/ByteRange\nxref\ntrailer\n${body}\nstartxref\n20\n%%EOF\n`;
    });
    for (const text of [...large, `${circle.slice(0, -40)}/ByteRange${circle.slice(-40)}`]) {
      expect(await refusal(bytesOf(text))).toBe('RECEIPT_ALTERED');
    }
  });
});

describe('the attached files', () => {
  const contents = ['entry', 'proof', 'receipt'].map((text) => Buffer.from(text));
  const read = async (streams: readonly string[], names?: string) => {
    const text = attaching(streams, names);
    return readAttachments(new PdfFile(bytesOf(text), text));
  };
  const stream = (bytes: Buffer, filter: string) =>
    `<< /Length ${bytes.length} ${filter} >>\nstream\n${bytes.toString('latin1')}\nendstream`;

  it('are read as they are and packed', async () => {
    const wanted = {
      'entry.json': 'entry',
      'proof.tlog-proof': 'proof',
      'receipt.json': 'receipt',
    };
    expect(await read(contents.map((bytes) => stream(bytes, '')))).toEqual(wanted);
    const packed = contents.map((bytes) => stream(deflateSync(bytes), '/Filter /FlateDecode'));
    expect(await read(packed)).toEqual(wanted);
  });

  it('are refused when they unpack to more than any receipt has, or to nothing', async () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000), { level: 9 });
    const rest = contents.slice(1).map((bytes) => stream(bytes, ''));
    for (const bytes of [bomb, Buffer.from('no deflate')]) {
      await expect(read([stream(bytes, '/Filter /FlateDecode'), ...rest])).rejects.toThrow(
        'attachments',
      );
    }
  });

  it('are refused with another name, another filter or another number', async () => {
    const plain = contents.map((bytes) => stream(bytes, ''));
    await expect(read(plain, 'entry.exe')).rejects.toThrow('attachments');
    await expect(read(plain.slice(0, 2))).rejects.toThrow('attachments');
    const lzw = contents.map((bytes) => stream(bytes, '/Filter /LZWDecode'));
    await expect(read(lzw)).rejects.toThrow('attachments');
  });
});

describe('a signature of RSA', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n } = publicKey.export({ format: 'jwk' });
  const modulus = BigInt(`0x${Buffer.from(n!, 'base64url').toString('hex')}`);
  const key = { kind: 'rsa', modulus, bytes: 256 } as const;
  const message = bytesOf('message');
  const signed = (algorithm: string, options = {}) =>
    new Uint8Array(sign(algorithm, message, { key: privateKey, ...options }));

  it('holds with SHA-256 and its one padding alone', () => {
    const signature = signed('sha256');
    expect(isSignedBy(key, message, signature)).toBe(true);
    expect(isSignedBy(key, bytesOf('messagf'), signature)).toBe(false);
    expect(isSignedBy(key, message, signed('sha1'))).toBe(false);
    expect(isSignedBy(key, message, signed('sha256', { padding: 6 }))).toBe(false);
    const digest = createHash('sha256').update(message).digest();
    expect(isSignedBy(key, digest, signature)).toBe(false);
  });

  it('has one value only: not that and the modulus, nor with a zero in front', () => {
    const signature = signed('sha256');
    const value = BigInt(`0x${Buffer.from(signature).toString('hex')}`);
    const larger = (value + modulus).toString(16).padStart(512, '0');
    expect(isSignedBy(key, message, new Uint8Array(Buffer.from(larger, 'hex')))).toBe(false);
    expect(isSignedBy(key, message, Uint8Array.of(0, ...signature))).toBe(false);
    expect(isSignedBy(key, message, signature.subarray(1))).toBe(false);
  });
});

it('keys that are not a document of keys are none', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(readTrustedKeys(value)).toBeUndefined();
    }),
    { seed: 4, numRuns: 500 },
  );
  const good = stage.keys();
  expect(readTrustedKeys(good)).toBeDefined();
  const [seal, log] = [good.seals[0]!, good.logs[0]!];
  const wrong = [
    { ...good, seals: [{ ...seal, certificate: 'no' }] },
    { ...good, seals: [{ ...seal, revokedAt: 5 }] },
    { ...good, logs: [{ ...log, keys: ['a+b+c'] }] },
    { ...good, logs: [{ ...log, revoked: [{ key: log.keys[0] }] }] },
    { ...good, logs: Array.from({ length: 1001 }, () => log) },
  ];
  for (const each of wrong) expect(readTrustedKeys(each)).toBeUndefined();
});

/** A PDF of two sections with these objects, the first its root. */
function objects(numbered: Readonly<Record<string, string>>): string {
  let text = '%PDF-1.7\nxref\ntrailer\n<< >>\n';
  const rows = Object.entries(numbered).map(([number, value]) => {
    const row = `${number} 1\n${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${number} 0 obj\n${value}\nendobj\n`;
    return row;
  });
  const at = text.length;
  return `${text}xref\n${rows.join('')}trailer\n<< /Root 1 0 R /Prev 9 >>\nstartxref\n${at}\n%%EOF\n`;
}

function attaching(streams: readonly string[], first = 'entry.json'): string {
  const names = [first, 'proof.tlog-proof', 'receipt.json'].slice(0, streams.length);
  const hex = (name: string) => Buffer.from(`\uFEFF${name}`, 'utf16le').swap16().toString('hex');
  const pairs = names.map((name, at) => `<${hex(name)}> << /EF << /F ${at + 2} 0 R >> >>`);
  return objects({
    1: `<< /Names << /EmbeddedFiles << /Names [${pairs.join(' ')}] >> >> >>`,
    ...Object.fromEntries(streams.map((stream, at) => [at + 2, stream])),
  });
}
