/**
 * What applicants are left with: an outcome for everything they sent, the same one however often
 * their device was started again, true to what is stored, and kept in the journal when they were
 * told that it is.
 */
import { foldJournal } from '#mini-client/core/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { Broken, Stored } from './check.ts';
import type { Remains } from './world.ts';

/** How far a clock may be off that says so; a gate closes by its own. */
const CLOCK_US_MAX = 100_000;

export function checkDevices(remains: Remains, stored: Stored): Broken[] {
  const numbers = numbersOf(stored);
  return remains.devices.flatMap((device) => {
    const announced = remains.world.evidence.announced.filter((one) => one.device === device.name);
    const journal = device.journal && foldJournal(device.journal.text());
    return device.setup.applications.flatMap((application) => {
      const told = announced.filter((one) => one.application === application);
      const who = `${device.name}, ${application}`;
      const texts = new Set(told.map(({ kind, text }) => `${kind} ${text}`));
      const broken: Broken[] = [];
      if (device.isDone && texts.size === 0) {
        broken.push({ code: 'NO_OUTCOME', detail: who });
      }
      for (const { kind, text, atUs } of told) {
        if (kind === 'rejected' && !isFinal(text, atUs, remains)) {
          broken.push({ code: 'REFUSED_WRONGLY', detail: `${who}: ${text} at ${atUs}` });
        }
      }
      const accepted = told.filter(({ kind }) => kind === 'accepted');
      for (const { text, isJournaled } of accepted) {
        if (numbers.get(text) !== application) {
          broken.push({ code: 'TOLD_WRONGLY', detail: `${who}: ${text}` });
        }
        const kept = journal?.get(application)?.accepted?.message.protocol;
        if (isJournaled && kept !== text) {
          broken.push({ code: 'JOURNAL_LOST', detail: `${who}: ${text}, kept ${kept}` });
        }
      }
      // An outcome that the journal could not keep is asked for again, perhaps from another gate.
      const kept = told.filter(({ kind, isJournaled }) => kind === 'rejected' || isJournaled);
      if (new Set(kept.map(({ kind, text }) => `${kind} ${text}`)).size > 1) {
        broken.push({ code: 'OUTCOME_CHANGED', detail: `${who}: ${[...texts].join(', ')}` });
      }
      return broken;
    });
  });
}

/** The only end of a good submission other than its acceptance: it came too late. */
function isFinal(code: string, atUs: number, { world }: Remains): boolean {
  const { closesAtUs, isClockFooled } = world.scenario;
  return code === 'CLOSED' && (isClockFooled || atUs > closesAtUs - CLOCK_US_MAX);
}

/** Protocol number → application, of all that is stored. */
function numbersOf({ ledgers }: Stored): ReadonlyMap<string, string> {
  return new Map(
    ledgers.flatMap((reader) =>
      reader
        .entries(1, Number.POSITIVE_INFINITY)
        .map((entry) => [protocolNumber(entry), entry.application] as const),
    ),
  );
}
