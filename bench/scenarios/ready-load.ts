/**
 * Ready submissions without a portal: a data directory whose click day is open, and accounts with
 * signed passbooks. Ids have the length of a real application's, since bytes are what is measured.
 */
import { createPortal, dayAt } from '#bench/fairness/papers.ts';
import type { FixtureAccount } from '#bench/system.ts';
import type { ClickDay } from '#protocol/calendar.ts';

export interface ReadyLoad {
  /** A gate starts on it as it is. */
  readonly data: string;
  readonly clickDays: readonly ClickDay[];
  /** Lets the click day open at another instant; a running gate sees it within a second. */
  openAt(opensAtUs: number): void;
  /** New accounts with `each` applications, none of them given out before. */
  accounts(count: number, each: number): FixtureAccount[];
}

const DAY = 'day';
const ID_LENGTH = 26;
const OPEN_SINCE_US = 60_000_000;

/** Lays the papers of a click day, open unless said, into the new directory `data`. */
export function layReadyLoad(data: string, opensAtUs = Date.now() * 1_000 - OPEN_SINCE_US) {
  const clickDays = [dayAt(DAY, opensAtUs)];
  const portal = createPortal();
  portal.lay(data, clickDays);
  let given = 0;
  const account = (each: number): FixtureAccount => {
    const first = given;
    given += each;
    const applications = Array.from({ length: each }, (_, at) =>
      String(first + at).padStart(ID_LENGTH, '0'),
    );
    const name = `account-${first}`;
    const lines = applications.map((id) => ({ id, clickDay: DAY }));
    const passbooks = portal.passbooks(name, lines);
    return { account: name, email: '', password: '', passbooks, applications };
  };
  const accounts = (count: number, each: number) =>
    Array.from({ length: count }, () => account(each));
  const openAt = (us: number) => portal.lay(data, [dayAt(DAY, us)]);
  return { data, clickDays, accounts, openAt } satisfies ReadyLoad;
}
