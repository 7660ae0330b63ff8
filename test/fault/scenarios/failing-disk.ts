/**
 * Every system call of the gate on its ledger's file is made to fail, one after the other, in the
 * opening and in committing: nobody whose entry was in that commit is answered, the process ends
 * (or does not begin) with a failure, a failed sync is never tried again, and the next process goes
 * on from what is on disk.
 */
import { join } from 'node:path';
import { NotServing } from '#test/fault/stage/gate-alone.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import { belowStrace, type LedgerCall, ledgerCalls } from '#test/fault/stage/strace.ts';

interface Fault {
  readonly call: LedgerCall;
  readonly error: string;
  readonly when: number;
}

const DISK_ERRORS = ['EIO', 'ENOSPC'];
/** Errors that the call can give, and how many of its calls fail one after the other. */
const FAULTS: readonly { call: LedgerCall; errors: readonly string[]; whens: number[] }[] = [
  { call: 'openat', errors: ['EIO', 'EMFILE'], whens: [1, 2, 3] },
  { call: 'fstatfs', errors: ['EIO'], whens: [1] },
  { call: 'pread64', errors: ['EIO'], whens: [1, 2] },
  { call: 'mmap', errors: ['ENOMEM'], whens: [1, 2] },
  { call: 'lseek', errors: ['EIO'], whens: [1, 2, 3, 6] },
  { call: 'pwrite64', errors: DISK_ERRORS, whens: [1, 2, 3, 4, 5, 6, 9] },
  { call: 'writev', errors: DISK_ERRORS, whens: [1, 2, 3, 4, 7] },
  { call: 'fdatasync', errors: DISK_ERRORS, whens: [1, 2, 3, 4, 5, 8] },
];
const BRIEF: readonly Fault[] = [
  { call: 'fdatasync', error: 'EIO', when: 4 },
  { call: 'writev', error: 'ENOSPC', when: 3 },
  { call: 'pwrite64', error: 'EIO', when: 4 },
];

/** A gate that has acknowledged so many without a failure makes fewer such calls. */
const ENOUGH = 400;
/** Until the map has to grow. */
const ENOUGH_TO_GROW = 3_000;
const WRITES = new Set(['pwrite64', 'writev', 'fdatasync']);

function allFaults(): Fault[] {
  return FAULTS.flatMap(({ call, errors, whens }) =>
    errors.flatMap((error) => whens.map((when) => ({ call, error, when }))),
  );
}

async function struck(siege: Siege, fault: Fault): Promise<Partial<Outcome>> {
  const { call, error, when } = fault;
  const trace = join(siege.stage.folder, 'trace');
  const injections = [`${call}:error=${error}:when=${when}`];
  const below = belowStrace({ data: siege.stage.data, trace, injections });
  const words = `${call} ${when} ${error}`;
  const enough = call === 'mmap' ? ENOUGH_TO_GROW : ENOUGH;
  const end = await endBelow(siege, below, enough);
  const calls = ledgerCalls(trace);
  const failed = calls.find(({ injected }) => injected);
  if (failed === undefined) return {};
  const after = calls.filter(({ name, beganAt }) => WRITES.has(name) && beganAt > failed.endedAt);
  const isFatal = WRITES.has(call) || call === 'lseek' || call === 'mmap';
  return {
    rounds: 1,
    failures: [
      ...(end === 'served on' && isFatal ? [`${words}: the gate served on`] : []),
      ...(call === 'fdatasync' && after.length > 0 ? [`${words}: wrote on after it`] : []),
    ],
    notes: end === 'served on' ? [`served on after ${call} ${error}`] : [],
  };
}

async function endBelow(siege: Siege, below: string[], enough: number): Promise<string> {
  try {
    const gate = await siege.gate({ below });
    await siege.acknowledged(enough, gate);
    if (!gate.hasEnded()) {
      await gate.stop();
      return 'served on';
    }
    const { code, signal } = await gate.ended;
    return `ended with ${code ?? signal}`;
  } catch (error) {
    if (error instanceof NotServing) return 'did not serve';
    throw error;
  }
}

async function play(play: Play): Promise<Outcome> {
  const faults = play.isBrief ? BRIEF : allFaults().slice(0, play.rounds ?? 1_000);
  const applications = 60 * faults.length + 600;
  const siege = new Siege(play, { accounts: 8, applications });
  const parts: Partial<Outcome>[] = [];
  for (const fault of faults) {
    play.say(`${fault.call} ${fault.when} gives ${fault.error}`);
    const part = await struck(siege, fault);
    const { lost, reordered, doubled, failures } = await siege.judged();
    parts.push(part, { lost, reordered, doubled, failures });
  }
  const startMs = performance.now();
  const gate = await siege.gate();
  await siege.acknowledged(10, gate);
  parts.push({ servingAgainMs: [Math.round(performance.now() - startMs)] });
  parts.push(await siege.end());
  return summed(parts);
}

export const failingDisk: Scenario = {
  name: 'failing-disk',
  title: 'each system call on the ledger’s file fails in turn (EIO, ENOSPC, ENOMEM, EMFILE)',
  play,
};
