/**
 * What must be true of a mini-client that was killed, cut off and started again: in the end every
 * application is accepted exactly once, by what the client says, by its journal and by the ledger,
 * and nothing that it ever told as accepted became something else.
 */
import { foldJournal } from '#mini-client/core/index.ts';
import type { ToldEvent } from '#test/support/mini-client-process.ts';

/** What is left when a client has ended. */
export interface Remains {
  readonly applications: readonly string[];
  /** Of each of its lives, in order; the last one ended by itself. */
  readonly lives: readonly (readonly ToldEvent[])[];
  readonly exitStatus: number | null;
  /** Text of the file. */
  readonly journal: string;
}

/** An application's acceptance as the last life told it. */
export interface Told {
  readonly application: string;
  readonly protocol: string;
  readonly seq: number;
  readonly stamp: string;
}

/** Every acceptance that a life told, in order. */
export function toldIn(events: readonly ToldEvent[]): Told[] {
  return events
    .filter(({ event }) => event === 'accepted')
    .map(({ application, protocol, seq, stamp }) => ({
      ...{ application: String(application), protocol: String(protocol) },
      ...{ seq: Number(seq), stamp: String(stamp) },
    }));
}

/** Everything that is wrong, as sentences; the ledger is the caller's to compare with `toldIn`. */
export function faultsOf({ applications, lives, exitStatus, journal }: Remains): string[] {
  const faults = exitStatus === 0 ? [] : [`the last life ended with ${exitStatus}`];
  const last = toldIn(lives.at(-1) ?? []);
  const final = new Map(last.map((told) => [told.application, told]));
  if (last.length !== final.size) faults.push('the last life told an application twice');
  const kept = foldJournal(journal);
  for (const application of applications) {
    const told = final.get(application);
    if (told === undefined) faults.push(`${application} was not accepted`);
    else if (kept.get(application)?.accepted?.message.protocol !== told.protocol) {
      faults.push(`${application} is not in the journal as it was told`);
    }
  }
  for (const told of lives.flatMap(toldIn)) {
    if (final.get(told.application)?.protocol === told.protocol) continue;
    faults.push(`${told.application} was told as ${told.protocol}, later otherwise`);
  }
  for (const refused of lives.flat().filter(({ event }) => event === 'rejected')) {
    faults.push(`${String(refused.application)} was refused: ${String(refused.code)}`);
  }
  return faults;
}
