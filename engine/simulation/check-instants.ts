/**
 * Never early, and the truth about time: by true time, which no process of the world knows.
 *
 * A frame that lay in the gate's kernel before the opening lets nobody in; every reading of a
 * gate's clock is true within what it says of itself; and a stamp, with its uncertainty, lies
 * between the instant at which the application was first sent and the one at which its commit
 * began.
 */
import type { Broken, Stored } from './check.ts';
import type { Remains } from './world.ts';

export function checkInstants(remains: Remains, stored: Stored): Broken[] {
  return [...checkEarlyFrames(remains), ...checkReadings(remains), ...checkStamps(remains, stored)];
}

function checkEarlyFrames({ world }: Remains): Broken[] {
  const { evidence, scenario } = world;
  if (scenario.isClockFooled) return [];
  const frames = new Map(evidence.sent.map((sent) => [`${sent.device} ${sent.ref}`, sent]));
  return evidence.acknowledged.flatMap(({ device, ref, application, isDuplicate }) => {
    const arrivedAtUs = frames.get(`${device} ${ref}`)?.arrivedAtUs;
    if (ref === undefined || isDuplicate || arrivedAtUs === undefined) return [];
    const earlyUs = scenario.opensAtUs - arrivedAtUs;
    if (earlyUs <= 0) return [];
    return [{ code: 'EARLY_ADMITTED', detail: `${application}, there ${earlyUs} µs too early` }];
  });
}

function checkReadings({ world }: Remains): Broken[] {
  const { evidence, scenario } = world;
  return evidence.wrongReadings
    .filter(({ what }) => !scenario.isClockFooled || what.startsWith('went back'))
    .slice(0, 3)
    .map(({ gate, atUs, what }) => ({ code: 'CLOCK_WRONG', detail: `${gate} at ${atUs} ${what}` }));
}

function checkStamps({ world, gates }: Remains, { ledgers }: Stored): Broken[] {
  if (world.scenario.isClockFooled) return [];
  const firstSentUs = new Map<string, number>();
  for (const { application, atUs } of world.evidence.sent) {
    if (!firstSentUs.has(application)) firstSentUs.set(application, atUs);
  }
  return ledgers.flatMap((reader) => {
    const commits = gates.find(({ name }) => name === reader.gate)?.disk.commits ?? [];
    const begun = commits.flatMap(({ operations, begunAtUs }) =>
      operations.flatMap(({ table, key }) =>
        table === 'entries' ? [{ lastSeq: Number(key), begunAtUs }] : [],
      ),
    );
    let commit = 0;
    return reader.entries(1, Number.POSITIVE_INFINITY).flatMap((entry) => {
      const { seq, stampUs, uncertaintyUs, application } = entry;
      while ((begun[commit]?.lastSeq ?? Number.POSITIVE_INFINITY) < seq) commit += 1;
      const begunAtUs = begun[commit]?.begunAtUs ?? Number.POSITIVE_INFINITY;
      const sentUs = firstSentUs.get(application) ?? Number.NEGATIVE_INFINITY;
      const aheadUs = stampUs - uncertaintyUs - begunAtUs;
      const behindUs = sentUs - stampUs - uncertaintyUs;
      if (aheadUs <= 0 && behindUs <= 0) return [];
      const detail = `${reader.gate}/${seq} is ${Math.max(aheadUs, behindUs)} µs from the truth`;
      return [{ code: 'STAMP_UNTRUE', detail }];
    });
  });
}
