/** A gate and its witness, in processes of their own, checked by a program that shares no code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote } from '#protocol/log/note.ts';
import { ForeignClient } from '#test/support/foreign-client.ts';
import {
  buildForeignVerifier,
  type ForeignVerifier,
} from '#test/support/foreign-verifier/index.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  clickday,
  clickdayOk,
  eventually,
  type FixtureAccount,
  fixture,
  type RunningSystem,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
} from '#test/support/system.ts';
import { type RunningWitness, runningWitness } from '#test/support/witness-process.ts';

const ORIGIN = 'clickday.example/g1';

const httpOf = (system: RunningSystem) => system.gate!.replace(/^ws/, 'http');
const logUrl = (system: RunningSystem) => `${httpOf(system)}/v1/log`;
const noteAt = async (url: string) => {
  const response = await fetch(url);
  return response.ok ? await response.text() : '';
};
const sizeOf = (note: string) => parseCheckpoint(parseNote(note)?.text ?? '')?.size;

/** The checkpoint of so many entries, once it is shown with so many signatures. */
async function checkpoint(system: RunningSystem, size: number, signatures: number) {
  let note = '';
  await eventually(`${size} entries with ${signatures} signatures`, PATIENCE_MS, async () => {
    note = await noteAt(`${logUrl(system)}/checkpoint`);
    return sizeOf(note) === size && parseNote(note)?.signatures.length === signatures;
  });
  return note;
}

interface Health {
  readonly alarm: boolean;
  readonly log: {
    readonly trouble: string | null;
    readonly witnesses: readonly { name: string; size: number | null; trouble: string | null }[];
  };
}

const health = async (system: RunningSystem) =>
  (await (await fetch(`${httpOf(system)}/health`)).json()) as Health;

async function trouble(system: RunningSystem, expected: string | null) {
  await eventually(`a witness in trouble: ${expected}`, PATIENCE_MS, async () => {
    const { log } = await health(system);
    return log.witnesses[0] !== undefined && log.witnesses[0].trouble === expected;
  });
}

async function submit(system: RunningSystem, account: FixtureAccount, from: number, to: number) {
  const client = await ForeignClient.connect(submissionsUrl(system));
  await client.hello(account.passbooks);
  await client.submit(account.applications.slice(from, to));
  client.close();
}

/** A gate that has made its log key, and where to start it with a witness. */
async function stage(applications: number) {
  const folder = temporaryDirectory();
  const data = join(folder, 'data');
  const words = ['--opens-in', '0'];
  const [account] = await fixture({ data, accounts: 1, applications, words });
  const first = await startGate(data);
  let key = '';
  await eventually('the key of the log', PATIENCE_MS, async () => {
    key = (await noteAt(`${logUrl(first)}/keys`)).trim();
    return key !== '';
  });
  await first.stop();
  return { folder, data, account: account!, key };
}

const startGate = (data: string, witness?: RunningWitness) =>
  runningSystem({
    data,
    words: ['--roles', 'gate', '--log-origin', 'clickday.example'],
    ...(witness && { environment: { CLICKDAY_WITNESSES: witness.address } }),
  });

/** The calls on the log that the machine-readable contract names, on a tile that is there. */
async function describedCalls(system: RunningSystem): Promise<string[]> {
  const document = await (await fetch(`${httpOf(system)}/asyncapi.json`)).json();
  const { channels } = document as { channels: Record<string, { address: string }> };
  const addresses = Object.values(channels).map(({ address }) => address);
  const calls = addresses.filter((address) => address.startsWith('/v1/log/'));
  expect(calls).toHaveLength(5);
  return calls.map((call) => call.replace('{level}', '0').replace('{n}', '000.p/50'));
}

describe('a gate with a witness', () => {
  let verifier: ForeignVerifier;
  beforeAll(() => {
    verifier = buildForeignVerifier();
  });

  it('publishes checkpoints that a foreign program takes as cosigned', async () => {
    const { folder, data, account, key } = await stage(60);
    const witness = await runningWitness({ data: join(folder, 'witness'), logs: [key] });
    const system = await startGate(data, witness);
    const url = logUrl(system);
    await submit(system, account, 0, 10);
    const older = join(folder, 'older');
    writeFileSync(older, await checkpoint(system, 10, 2));
    await submit(system, account, 10, 50);
    const newer = await checkpoint(system, 50, 2);
    expect(await noteAt(`${url}/checkpoint-cosigned`)).toBe(newer);
    expect(await verifier.verifyWitnessed(witness.key, url, key, older)).toBe('verified 50');
    expect((await witness.health()).logs).toMatchObject([{ origin: ORIGIN, size: 50 }]);
    for (const address of await describedCalls(system)) {
      const answer = await fetch(`${httpOf(system)}${address}`);
      expect(answer.status, address).toBe(200);
    }
    // It sees a note without, a cosignature of another text, and another witness.
    const lines = newer.split('\n');
    const swapped = (await noteAt(`${url}/checkpoint`)).replace('\n50\n', '\n49\n');
    for (const wrong of [lines.toSpliced(-2, 1).join('\n'), swapped]) {
      writeFileSync(older, wrong);
      await expect(verifier.verifyWitnessed(witness.key, url, key, older)).rejects.toThrow();
    }
    const stranger = await runningWitness({ data: join(folder, 'stranger'), logs: [key] });
    await expect(verifier.verifyWitnessed(stranger.key, url, key)).rejects.toThrow('not signed');
    await system.stop();
    const words = ['verify', '--data', data, '--witnesses', witness.address];
    expect((await clickday(words)).stderr).toContain(`50 entries cosigned by`);
  });

  it('goes on without it, says so, and has it back', async () => {
    const { folder, data, account, key } = await stage(60);
    const place = join(folder, 'witness');
    const witness = await runningWitness({ data: place, logs: [key] });
    const system = await startGate(data, witness);
    await submit(system, account, 0, 10);
    await checkpoint(system, 10, 2);
    await witness.kill('SIGKILL');
    await submit(system, account, 10, 20);
    const alone = await checkpoint(system, 20, 1);
    await trouble(system, 'UNREACHABLE');
    expect((await health(system)).alarm).toBe(true);
    expect((await health(system)).log.trouble).toBeNull();
    expect(sizeOf(await noteAt(`${logUrl(system)}/checkpoint-cosigned`))).toBe(10);
    expect(await verifier.verify(logUrl(system), key)).toBe('verified 20');
    expect(alone).not.toContain('witness');
    // Where the gate does not find it, it still knows what it cosigned; then it is back.
    const elsewhere = await runningWitness({ data: place, logs: [key] });
    expect((await elsewhere.health()).logs[0]?.size).toBe(10);
    expect(await elsewhere.kill()).toBe(0);
    const port = Number(new URL(witness.url).port);
    const again = await runningWitness({ data: place, logs: [key], port });
    expect(again.key).toBe(witness.key);
    await checkpoint(system, 20, 2);
    await trouble(system, null);
    // A second one on the same folder is refused.
    await expect(runningWitness({ data: place, logs: [key] })).rejects.toThrow('DIRECTORY_IN_USE');
    expect(await again.kill()).toBe(0);
    await system.stop();
  });

  it('is refused once it is another history: a backup that went on beside the original', async () => {
    const { folder, data, account, key } = await stage(80);
    const witness = await runningWitness({ data: join(folder, 'witness'), logs: [key] });
    const original = await startGate(data, witness);
    await submit(original, account, 0, 10);
    await checkpoint(original, 10, 2);
    const backup = join(folder, 'backup');
    await clickdayOk(['backup', '--data', data, '--to', backup]);
    await submit(original, account, 10, 30);
    await checkpoint(original, 30, 2);
    await original.stop();

    const restored = join(folder, 'restored');
    await clickdayOk(['restore', '--from', backup, '--data', restored]);
    const told = await clickday(['verify', '--data', restored, '--witnesses', witness.address]);
    expect(told).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('10 entries cosigned'),
    });
    const fork = await startGate(restored, witness);
    await trouble(fork, 'CONTRADICTED');
    await submit(fork, account, 40, 60);
    // It admits and signs as before; what it signs is cosigned no more, at no size.
    const note = await checkpoint(fork, 30, 1);
    await submit(fork, account, 60, 80);
    await checkpoint(fork, 50, 1);
    await trouble(fork, 'CONTRADICTED');
    expect((await witness.health()).logs[0]).toMatchObject({ size: 30 });
    await eventually('the second root of 30 is kept', PATIENCE_MS, async () => {
      const body = `old 30\n\n${note}`;
      const { status } = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
      return status === 409 && (await witness.health()).logs[0]!.isContradicted;
    });
    await fork.stop();
  });
});
