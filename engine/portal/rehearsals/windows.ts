/**
 * The rehearsal windows: those an administrator opens, and the standing one that is there by
 * itself. They rest around real click days, on every gate by its own clock; here it is only told.
 */
import type { ClickDay } from '#protocol/calendar.ts';
import {
  nextRestUs,
  REHEARSAL_PREFIX,
  type Rest,
  restsUntilUs,
  STANDING_REHEARSAL,
} from '#protocol/rehearsal.ts';
import type {
  AdminRehearsal,
  PracticeAnswer,
  RehearsalChange,
  RehearsalStatus,
  RehearsalWindow,
} from '#protocol/rehearsals-api.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';
import type { Database } from '../../store/database/index.ts';
import { clickDayStore } from '../calendar/store.ts';
import type { Audit } from '../control-room/audit.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import type { PracticeConfig } from '../settings.ts';
import { type RehearsalFacts, rehearsalStore } from './store.ts';

export interface RehearsalWindows {
  /** Those that gates and clients must know of. */
  onWire(): ClickDay[];
  /** All that have not closed, and those of the last month. */
  admin(): AdminRehearsal[];
  practice(): PracticeAnswer;
  /** The one to practise in. Refuses REHEARSAL_NONE and REHEARSAL_PAUSED. */
  open(id: string | undefined): RehearsalFacts;
  create(by: string, wanted: RehearsalChange): AdminRehearsal;
  change(by: string, id: string, wanted: RehearsalChange): AdminRehearsal;
  remove(by: string, id: string): void;
}

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly audit: Audit;
  readonly practice: PracticeConfig;
  /** Lays the calendar on the gates' disk. */
  readonly publish: () => void;
}

const WINDOWS_MAX = 50;
const US_A_DAY = 86_400_000_000;
const SHOWN_DAYS = 30;
const STANDING: RehearsalFacts = {
  id: STANDING_REHEARSAL,
  opensAtUs: usFromIso('2000-01-01T00:00:00.000000Z'),
  closesAtUs: usFromIso('2100-01-01T00:00:00.000000Z'),
  suspended: false,
};

/** The windows in `database`, as the configuration allows them. */
export function createRehearsalWindows(parts: Parts): RehearsalWindows {
  const { database, clock, audit, practice, publish } = parts;
  const store = rehearsalStore(database);
  const days = clickDayStore(database);
  const standing = practice.kind === 'always' ? [STANDING] : [];
  const isOffered = practice.kind !== 'no';
  /** An administrator's come first: they are what is to be practised. */
  const live = () => (isOffered ? [...store.all(clock.nowUs()), ...standing] : []);
  const restUntilUs = () => restsUntilUs(days.all(), clock.nowUs(), practice.rest);
  const view = (window: RehearsalFacts) => ({
    ...viewOf(window, clock.nowUs(), restUntilUs() !== undefined),
    suspended: window.suspended,
  });

  const changed = (by: string, action: string, id: string, work: () => RehearsalFacts) => {
    const window = database.transaction(() => {
      const made = work();
      audit({ account: by, action, subject: id || made.id, detail: made });
      return made;
    });
    publish();
    return view(window);
  };
  const known = (id: string): RehearsalFacts => {
    const window = store.byId(id);
    if (!window) throw new Refusal('NOT_FOUND');
    return window;
  };

  return {
    onWire: () => live().map(onWire),
    admin: () => [
      ...(isOffered ? standing : []).map(view),
      ...store.all(clock.nowUs() - SHOWN_DAYS * US_A_DAY).map(view),
    ],
    practice: () => {
      const [nowUs, untilUs] = [clock.nowUs(), restUntilUs()];
      const windows = live().map((window) => viewOf(window, nowUs, untilUs !== undefined));
      const nextUs = nextRestUs(days.all(), nowUs, practice.rest);
      return { offered: isOffered, windows, ...spanOf(live(), { nowUs, untilUs, nextUs }) };
    },
    open: (id) => {
      const nowUs = clock.nowUs();
      const untilUs = restUntilUs();
      const named = live().find((window) =>
        id === undefined ? isOpen(window, nowUs) : window.id === id,
      );
      if (!named) throw new Refusal('REHEARSAL_NONE');
      if (untilUs !== undefined && named.opensAtUs <= nowUs) {
        throw new Refusal('REHEARSAL_PAUSED', {
          retryAfterMs: Math.ceil((untilUs - nowUs) / 1000),
        });
      }
      return named;
    },
    create: (by, wanted) =>
      changed(by, 'rehearsal.create', '', () => {
        const nowUs = clock.nowUs();
        if (store.all(nowUs).length >= WINDOWS_MAX) throw new Refusal('REHEARSALS_TOO_MANY');
        const times = timesOf(wanted);
        const window = {
          id: freeId(times.opensAtUs, (id) => store.byId(id) !== undefined),
          ...times,
        };
        store.insert(window, nowUs);
        return window;
      }),
    change: (by, id, wanted) =>
      changed(by, 'rehearsal.change', id, () => {
        const window = { id: known(id).id, ...timesOf(wanted) };
        store.update(window, clock.nowUs());
        return window;
      }),
    remove: (by, id) => {
      changed(by, 'rehearsal.remove', id, () => {
        const window = known(id);
        store.remove(id);
        return window;
      });
    },
  };
}

function isOpen({ opensAtUs, closesAtUs, suspended }: RehearsalFacts, nowUs: number): boolean {
  return opensAtUs <= nowUs && nowUs < closesAtUs && !suspended;
}

function statusOf(window: RehearsalFacts, nowUs: number, isResting: boolean): RehearsalStatus {
  if (nowUs >= window.closesAtUs) return 'closed';
  if (window.suspended) return 'suspended';
  if (nowUs < window.opensAtUs) return 'planned';
  return isResting ? 'resting' : 'open';
}

function viewOf(window: RehearsalFacts, nowUs: number, isResting: boolean): RehearsalWindow {
  return {
    id: window.id,
    opensAt: isoFromUs(window.opensAtUs),
    closesAt: isoFromUs(window.closesAtUs),
    status: statusOf(window, nowUs, isResting),
    standing: window.id === STANDING_REHEARSAL,
  };
}

/** Until when one can practise, or from when, as far as it is known. */
function spanOf(
  windows: readonly RehearsalFacts[],
  { nowUs, untilUs, nextUs }: { nowUs: number; untilUs: number | undefined; nextUs: number },
): Pick<PracticeAnswer, 'isOpen' | 'until' | 'from'> {
  const open = windows.filter((window) => isOpen(window, nowUs));
  if (open.length > 0 && untilUs === undefined) {
    const isStanding = open.some(({ id }) => id === STANDING_REHEARSAL);
    const closes = isStanding ? Infinity : Math.max(...open.map((window) => window.closesAtUs));
    const endUs = Math.min(closes, nextUs);
    return { isOpen: true, until: Number.isFinite(endUs) ? isoFromUs(endUs) : null, from: null };
  }
  const soonestUs = untilUs ?? nowUs;
  const later = windows.filter(({ suspended, closesAtUs }) => !suspended && closesAtUs > soonestUs);
  const fromUs = Math.min(...later.map(({ opensAtUs }) => Math.max(opensAtUs, soonestUs)));
  return { isOpen: false, until: null, from: Number.isFinite(fromUs) ? isoFromUs(fromUs) : null };
}

function onWire(window: RehearsalFacts): ClickDay {
  return {
    id: window.id,
    opensAt: isoFromUs(window.opensAtUs),
    closesAt: isoFromUs(window.closesAtUs),
    ...(window.suspended ? { suspended: true as const } : {}),
    kind: 'rehearsal',
  };
}

function timesOf({ opensAt, closesAt, suspended = false }: RehearsalChange) {
  const [opensAtUs, closesAtUs] = [usFromIso(opensAt), usFromIso(closesAt)];
  const errors = [];
  if (!Number.isSafeInteger(opensAtUs)) errors.push(fieldProblem('opensAt', 'CLICK_DAY_TIMES'));
  if (!Number.isSafeInteger(closesAtUs) || closesAtUs <= opensAtUs) {
    errors.push(fieldProblem('closesAt', 'CLICK_DAY_TIMES'));
  }
  if (errors.length > 0) throw new Refusal('CLICK_DAY_TIMES', { errors });
  return { opensAtUs, closesAtUs, suspended };
}

/** After the UTC date on which it opens; the second of a date gets a number. */
function freeId(opensAtUs: number, isTaken: (id: string) => boolean): string {
  const name = REHEARSAL_PREFIX + isoFromUs(opensAtUs).slice(0, 10);
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

/** How many hours practice rests, for people. */
export function restHours({ beforeUs, afterUs }: Rest) {
  const usAnHour = 3_600_000_000;
  return { stopsHours: beforeUs / usAnHour, againHours: afterUs / usAnHour };
}
