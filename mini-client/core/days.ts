/**
 * The click days of a sender: when each opens, by whose word, and what is still to be sent.
 *
 * The gate's word (welcome, calendar) overrides what the portal said at preparation. A day that
 * is suspended, or told to wait, is held; the others go on.
 */
import type { ClickDay } from '#protocol/calendar.ts';
import type { ClockEstimate } from '#protocol/clock-estimate.ts';
import { certainlyPassedAtUs } from '#protocol/clock-estimate.ts';
import { usFromIso } from '#protocol/time.ts';
import type { Lead } from './arrival.ts';
import { Hold } from './hold.ts';
import { DayQueue, type QueueItem } from './queue.ts';

export interface Day {
  readonly id: string;
  readonly queue: DayQueue;
  /** Undefined while nobody has said it: then a gate has to be asked. */
  opensAtUs: number | undefined;
  isSuspended: boolean;
  /** Put up by `TOO_EARLY` and `SUSPENDED`. */
  readonly hold: Hold;
}

export class Days {
  readonly #days = new Map<string, Day>();

  constructor(openings: ReadonlyMap<string, number>) {
    for (const [id, opensAtUs] of openings) this.of(id).opensAtUs = opensAtUs;
  }

  of(id: string): Day {
    const day = this.#days.get(id) ?? newDay(id);
    this.#days.set(id, day);
    return day;
  }

  put(item: QueueItem): void {
    this.of(item.clickDay).queue.put(item);
  }

  /** Days with something to send. */
  busy(): Day[] {
    return [...this.#days.values()].filter((day) => day.queue.length > 0);
  }

  /** Takes a gate's calendar; gives the days whose opening or suspension changed. */
  learn(clickDays: readonly ClickDay[]): Day[] {
    return clickDays.flatMap((told) => {
      const day = this.of(told.id);
      const opensAtUs = usFromIso(told.opensAt);
      const isSuspended = told.suspended === true;
      if (day.opensAtUs === opensAtUs && day.isSuspended === isSuspended) return [];
      Object.assign(day, { opensAtUs, isSuspended });
      day.hold.clear();
      return [day];
    });
  }

  /** Removes and gives what matches, of all days. */
  withdraw(matches: (item: QueueItem) => boolean): QueueItem[] {
    return [...this.#days.values()].flatMap((day) => day.queue.withdraw(matches));
  }
}

/** What is known of a gate's time at one instant, and how near to the opening one wants to be. */
export interface GateTime {
  readonly estimate: ClockEstimate;
  /** Undefined while too little is known of the ways there. */
  readonly lead: Lead | undefined;
  /**
   * How long after the gate lets in the soonest arrival is aimed at; undefined: leave when the
   * opening has certainly passed, whatever the network does.
   */
  readonly marginUs: number | undefined;
}

/**
 * Client's instant from which the day's applications may leave; Infinity while that is unknown.
 * A day that no calendar names may leave at once: the gate's refusal is the answer.
 */
export function sendableAtUs(day: Day, time: GateTime | undefined): number {
  if (day.isSuspended || time === undefined) return Number.POSITIVE_INFINITY;
  if (day.opensAtUs === undefined) return day.hold.untilUs;
  return Math.max(day.hold.untilUs, departsAtUs(time, day.opensAtUs));
}

/**
 * Client's instant at which a frame leaves for an opening. Never later than certain: what leaves
 * then cannot be early. A gate lets in when its clock less its uncertainty has passed `opensAtUs`.
 */
export function departsAtUs({ estimate, lead, marginUs }: GateTime, opensAtUs: number): number {
  const certainUs = certainlyPassedAtUs(estimate, opensAtUs);
  if (lead === undefined || marginUs === undefined) return certainUs;
  const aimedUs = opensAtUs + lead.gateUncertaintyUs + marginUs;
  return Math.min(certainUs, aimedUs - lead.soonestUs);
}

function newDay(id: string): Day {
  return {
    id,
    queue: new DayQueue(),
    opensAtUs: undefined,
    isSuspended: false,
    hold: new Hold(),
  };
}
