/**
 * A small click day with real processes; its receipts are checked by the command, offline and
 * against the log, and by the page in a browser, with the portal's own keys and the gate's own log.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { accessibilityFaults, openBrowser } from '#test/support/browser.ts';
import { CertificateChain } from '#test/support/certificate-chain.ts';
import { ForeignClient } from '#test/support/foreign-client.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { ReceiptStage } from '#test/support/receipt-stage.ts';
import {
  clickday,
  eventually,
  type FixtureAccount,
  fixture,
  type RunningSystem,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
} from '#test/support/system.ts';

const APPLICATIONS = 12;
const ALTERED = 6;

interface Said {
  readonly file: string;
  readonly genuine: boolean;
  readonly code: string;
  readonly steps: readonly { step: string; ok: boolean | null }[];
  readonly facts?: { readonly protocol: string; readonly seq: number };
}

describe('receipts of a click day', () => {
  it('are genuine to the command and to the page, and refused once altered or revoked', async () => {
    const folder = temporaryDirectory();
    const data = join(folder, 'data');
    const [account] = await fixture({
      ...{ data, accounts: 1, applications: APPLICATIONS, words: ['--opens-in', '0'] },
    });
    const system = await runningSystem({ data });
    await submit(system, account!.passbooks, account!.applications);
    const files = await receiptsIn(folder, system, account!);

    // With the keys of the data directory, of the portal, and of a file, which needs no network.
    const log = ['--log', system.gate!];
    for (const words of [
      ['--data', data],
      ['--keys', system.portal!],
    ]) {
      const { status, said } = await verify([...files, ...words, ...log]);
      expect([status, said.map(({ code }) => code)]).toEqual([
        0,
        files.map(() => 'RECEIPT_TEST_SEAL'),
      ]);
      expect(said[0]!.steps.at(-1)).toMatchObject({ step: 'history', ok: true });
      const places = said.map(({ facts }) => facts!.seq).toSorted((a, b) => a - b);
      expect(places).toEqual(Array.from({ length: APPLICATIONS }, (_, at) => at + 1));
    }
    const page = await checkInBrowser(system, files[0]!, files[1]!);
    expect(page).toEqual([]);

    const keys = join(folder, 'keys.json');
    const published = await fetch(new URL('/api/verification-keys', system.portal));
    writeFileSync(keys, await published.text());
    await system.stop();
    expect((await verify([files[0]!, '--keys', keys])).status).toBe(0);
    const unreachable = await verify([files[0]!, '--keys', keys, ...log]);
    expect([unreachable.status, unreachable.said[0]!.code]).toEqual([1, 'RECEIPT_LOG_UNREACHABLE']);

    // Some bytes changed, each in a file of its own.
    const random = seededRandom('altered', { nowUs: () => 0 });
    const altered = Array.from({ length: ALTERED }, (_, at) => {
      const bytes = readFileSync(files[at]!);
      const place = random.integer(bytes.length);
      bytes[place] = (bytes[place]! + 1 + random.integer(255)) % 256;
      const path = join(folder, `altered-${at}.pdf`);
      writeFileSync(path, bytes);
      return path;
    });
    const refused = await verify([...altered, '--keys', keys]);
    expect([refused.status, refused.said.map(({ genuine }) => genuine)]).toEqual([
      1,
      altered.map(() => false),
    ]);

    // Keys of another portal; then this portal revokes, first the log's key, then its seal.
    const foreign = join(folder, 'foreign.json');
    writeFileSync(foreign, JSON.stringify(new ReceiptStage().keys()));
    const words = [files[0]!, '--keys', foreign];
    expect((await verify(words)).said[0]!.code).toBe('RECEIPT_SEAL_UNKNOWN');
    const own = [files[0]!, '--data', data];
    const [key] = (JSON.parse(readFileSync(keys, 'utf8')) as Published).logs[0]!.keys;
    const alone = await clickday(['log-key', 'revoke', key!, '--data', data]);
    expect([alone.status, alone.stderr]).toEqual([1, expect.stringContaining('LOG_KEY_ALONE')]);
    await ok(['log-key', 'add', '--data', data]);
    await ok(['log-key', 'revoke', key!, '--data', data]);
    expect((await verify(own)).said[0]!.code).toBe('RECEIPT_LOG_KEY_REVOKED');
    const [seal] = (JSON.parse(readFileSync(join(data, 'keys/seal.json'), 'utf8')) as Seals).seals;
    await ok(['seal-key', 'revoke', fingerprintOf(seal!.certificates[0]!), '--data', data]);
    expect((await verify(own)).said[0]!.code).toBe('RECEIPT_SEAL_REVOKED');
  });

  it('carry the seal of an authority once its PKCS#12 file is given', async () => {
    const folder = temporaryDirectory();
    const data = join(folder, 'data');
    const [account] = await fixture({
      ...{ data, accounts: 1, applications: 2, words: ['--opens-in', '0'] },
    });
    const chain = new CertificateChain(folder, 'rsa');
    writeFileSync(join(folder, 'seal.p12'), chain.pkcs12('pässword'));
    writeFileSync(join(folder, 'password'), 'pässword\n');
    const system = await runningSystem({
      data,
      environment: {
        CLICKDAY_SEAL_P12: join(folder, 'seal.p12'),
        CLICKDAY_SEAL_PASSWORD_FILE: join(folder, 'password'),
      },
    });
    await submit(system, account!.passbooks, account!.applications);
    const files = await receiptsIn(folder, system, account!);
    const { status, said } = await verify([...files, '--keys', system.portal!]);
    expect([status, said.map(({ code }) => code)]).toEqual([0, files.map(() => 'RECEIPT_GENUINE')]);
    const seen = execFileSync('pdfsig', ['-nocert', files[0]!], { encoding: 'utf8' });
    expect(seen).toContain('Signature is Valid.');
    expect(seen).toContain('Total document signed');
    expect(seen).toContain('CN=Seal');
    const page = execFileSync('pdftotext', [files[0]!, '-'], { encoding: 'utf8' });
    expect(page).toContain('Ministero');
    expect(page).not.toMatch(/sigillo di prova|test seal/i);
  });

  it('need keys, and a file that is there', async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'a.pdf');
    copyFileSync('package.json', file);
    const empty = ['--data', join(folder, 'nothing')];
    for (const [words, code] of [
      [[file, ...empty], 'KEYS_MISSING'],
      [[file, '--keys', file], 'KEYS_UNREADABLE'],
      [[file, '--keys', 'http://127.0.0.1:1'], 'KEYS_UNREADABLE'],
      [[], 'file'],
    ] as const) {
      const { status, stderr } = await clickday(['receipt', 'verify', ...words]);
      expect([status, stderr]).toEqual([2, expect.stringContaining(code)]);
    }
  });
});

interface Published {
  readonly logs: readonly { readonly keys: readonly string[] }[];
}

interface Seals {
  readonly seals: readonly { readonly certificates: readonly string[] }[];
}

async function submit(
  system: RunningSystem,
  passbooks: readonly string[],
  applications: readonly string[],
) {
  const client = await ForeignClient.connect(submissionsUrl(system));
  await client.hello(passbooks);
  await client.submit(applications);
  client.close();
}

/** Logs in; a portal that has just started on a busy machine may ask to come again (503). */
async function tokenOf(system: RunningSystem, { email, password }: FixtureAccount) {
  let token = '';
  await eventually('the portal lets in', PATIENCE_MS, async () => {
    const session = await fetch(new URL('/api/session', system.portal), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password, kind: 'bearer' }),
    });
    if (session.status === 503) return false;
    expect(session.status).toBe(200);
    ({ token } = (await session.json()) as { token: string });
    return true;
  });
  return token;
}

/** The receipts of all applications as files, when all are made. */
async function receiptsIn(folder: string, system: RunningSystem, account: FixtureAccount) {
  const token = await tokenOf(system, account);
  const headers = { authorization: `Bearer ${token}` };
  const files: string[] = [];
  for (const application of account.applications) {
    const url = new URL(`/api/applications/${application}/receipt.pdf`, system.portal);
    await eventually('the receipt is made', PATIENCE_MS, async () => {
      const response = await fetch(url, { headers });
      if (response.status !== 200) return false;
      const path = join(folder, `${application}.pdf`);
      writeFileSync(path, new Uint8Array(await response.arrayBuffer()));
      files.push(path);
      return true;
    });
  }
  return files;
}

async function verify(words: readonly string[]): Promise<{ status: number | null; said: Said[] }> {
  const { status, stdout } = await clickday(['receipt', 'verify', ...words, '--json']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, said: lines.map((line) => JSON.parse(line) as Said) };
}

async function ok(words: readonly string[]): Promise<void> {
  const { status, stderr } = await clickday(words);
  expect([status, stderr]).toEqual([0, expect.anything()]);
}

function fingerprintOf(certificate: string): string {
  return createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex');
}

/** The faults of a person's way: a good receipt, the log of now, and one that was altered. */
async function checkInBrowser(system: RunningSystem, good: string, other: string) {
  const { page, faults } = await openBrowser(new URL(system.portal!).origin);
  await page.goto('/verify');
  await page.locator('#receipt-file').setInputFiles(good);
  await page.getByRole('heading', { name: 'Autentica, con un sigillo di prova' }).waitFor();
  await page.getByRole('button', { name: 'Confronta con il registro' }).click();
  await page.getByRole('heading', { name: 'Il registro di oggi concorda' }).waitFor();
  faults.push(...(await accessibilityFaults(page)));
  const buffer = readFileSync(other);
  buffer[buffer.length - 200]! ^= 1;
  const altered = { name: 'alterata.pdf', mimeType: 'application/pdf', buffer };
  await page.locator('#receipt-file').setInputFiles(altered);
  await page.getByRole('heading', { name: 'La ricevuta è stata alterata' }).waitFor();
  const log = new URL('/v1/log/', system.gate!.replace(/^ws/, 'http')).href;
  return faults.filter((fault) => !fault.startsWith(`fetched ${log}`));
}
