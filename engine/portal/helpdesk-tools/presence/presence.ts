/**
 * Who has a ticket open now, so that two do not answer it: "also reading: …". In memory only, since
 * it is worth nothing after a restart. Who says nothing for 45 s is gone; at most `PLACES_MAX`
 * pages are remembered, and beyond that the one that has been silent longest is forgotten.
 */

export type PresenceState = 'reading' | 'writing';

export interface Present {
  readonly account: string;
  readonly name: string;
  readonly state: PresenceState;
  /** When they came, not when they were heard last. */
  readonly sinceUs: number;
}

export interface Presence {
  /** Notes what somebody does; the others at the ticket, who came first first. */
  say(
    ticket: string,
    who: { account: string; name: string; state: PresenceState | 'left' },
  ): Present[];
}

const HEARD_US_MAX = 45_000_000;
export const PLACES_MAX = 5_000;

interface Place extends Present {
  readonly ticket: string;
  readonly heardUs: number;
}

export function createPresence(clock: { nowUs(): number }, placesMax = PLACES_MAX): Presence {
  /** By ticket and account; the one heard last stands last. */
  const places = new Map<string, Place>();
  const byTicket = new Map<string, Set<string>>();
  const forget = (key: string) => {
    const ticket = places.get(key)?.ticket;
    if (ticket === undefined) return;
    places.delete(key);
    const keys = byTicket.get(ticket);
    keys?.delete(key);
    if (keys?.size === 0) byTicket.delete(ticket);
  };
  const forgetSilent = (nowUs: number) => {
    for (const [key, { heardUs }] of places) {
      if (nowUs - heardUs <= HEARD_US_MAX && places.size <= placesMax) return;
      forget(key);
    }
  };
  return {
    say: (ticket, { account, name, state }) => {
      const nowUs = clock.nowUs();
      const key = `${ticket} ${account}`;
      const sinceUs = places.get(key)?.sinceUs;
      forget(key);
      forgetSilent(nowUs);
      if (state !== 'left') {
        places.set(key, {
          ticket,
          account,
          name,
          state,
          sinceUs: sinceUs ?? nowUs,
          heardUs: nowUs,
        });
        byTicket.set(ticket, (byTicket.get(ticket) ?? new Set()).add(key));
        forgetSilent(nowUs);
      }
      const others = [...(byTicket.get(ticket) ?? [])].filter((each) => each !== key);
      return others
        .flatMap((each) => places.get(each) ?? [])
        .sort((one, other) => one.sinceUs - other.sinceUs)
        .map(({ account, name, state, sinceUs }) => ({ account, name, state, sinceUs }));
    },
  };
}
