/**
 * The calendar: which click days there are, when they open and what each takes. An administrator
 * plans them; once the opening of a day has passed it cannot be moved, and every change is in the
 * audit and on the disk of the gates at once.
 */
import type { ClickDay } from '#protocol/calendar.ts';
import type { ClickDayChange, ClickDayCreation, ClickDayStatus } from '#protocol/portal-api.ts';
import { quotasOf } from '#protocol/ranking/quotas.ts';
import { usFromIso } from '#protocol/time.ts';
import type { SigningKey } from '../../foundation/jws.ts';
import type { Database } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import { readSetting, writeSetting } from '../control-room/setting.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import { type NoticePaths, publishNotice, signCalendar } from './notice.ts';
import { type ClickDayFacts, clickDayStore } from './store.ts';

export interface Calendar {
  all(): ClickDayFacts[];
  byId(id: string): ClickDayFacts | undefined;
  statusOf(day: ClickDayFacts): ClickDayStatus;
  /** `by`: an account, null for the command line. */
  create(by: string | null, creation: ClickDayCreation): ClickDayFacts;
  change(by: string, id: string, change: ClickDayChange): ClickDayFacts;
  /** Signs the calendar and lays it on disk; done on start and on every change. */
  publish(): void;
}

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly key: SigningKey;
  readonly audit: Audit;
  /** Windows to practise in, as gates are told; none when left out. */
  readonly rehearsals?: () => readonly ClickDay[];
  /** Null: nothing is laid on disk. */
  readonly notice: NoticePaths | null;
}

const ISSUED_KEY = 'calendar.issuedAtUs';

/** The calendar in `database`. */
export function createCalendar(parts: Parts): Calendar {
  const { database, clock, audit } = parts;
  const store = clickDayStore(database);
  const publish = () => issue(parts, store.all());
  return {
    all: store.all,
    byId: store.byId,
    statusOf: (day) => statusAt(day, clock.nowUs()),
    create: (by, creation) => {
      const day = factsOf(creation.id, creation, []);
      database.transaction(() => {
        if (store.byId(day.id)) throw new Refusal('CLICK_DAY_EXISTS');
        store.insert(day, clock.nowUs());
        audit({ account: by, action: 'click-day.create', subject: day.id, detail: creation });
      });
      publish();
      return day;
    },
    change: (by, id, change) => {
      const day = database.transaction(() => {
        const known = store.byId(id);
        if (!known) throw new Refusal('NOT_FOUND');
        const wanted = factsOf(id, change, known.rules);
        refuseMovedOpening(known, wanted, clock.nowUs());
        refuseOtherQuotas(known, wanted, clock.nowUs());
        store.update(wanted, clock.nowUs());
        audit({ account: by, action: 'click-day.change', subject: id, detail: { known, change } });
        return wanted;
      });
      publish();
      return day;
    },
    publish,
  };
}

/** Where a click day stands at an instant. */
export function statusAt(day: ClickDayFacts, nowUs: number): ClickDayStatus {
  if (day.suspended) return 'suspended';
  if (nowUs < day.opensAtUs) return 'planned';
  return nowUs < day.closesAtUs ? 'open' : 'closed';
}

function factsOf(
  id: string,
  change: ClickDayChange,
  rulesBefore: ClickDayFacts['rules'],
): ClickDayFacts {
  const opensAtUs = usFromIso(change.opensAt);
  const closesAtUs = usFromIso(change.closesAt);
  const errors = [];
  if (!Number.isSafeInteger(opensAtUs)) errors.push(fieldProblem('opensAt', 'CLICK_DAY_TIMES'));
  if (!Number.isSafeInteger(closesAtUs) || closesAtUs <= opensAtUs) {
    errors.push(fieldProblem('closesAt', 'CLICK_DAY_TIMES'));
  }
  if (errors.length > 0) throw new Refusal('CLICK_DAY_TIMES', { errors });
  const { name, suspended = false, rules = rulesBefore } = change;
  return { id, name, opensAtUs, closesAtUs, suspended, rules };
}

/** What has opened stays opened; a day to come may not be moved into the past either. */
function refuseMovedOpening(known: ClickDayFacts, wanted: ClickDayFacts, nowUs: number): void {
  if (known.opensAtUs === wanted.opensAtUs) return;
  if (known.opensAtUs <= nowUs || wanted.opensAtUs <= nowUs) throw new Refusal('CLICK_DAY_PAST');
}

/** From the opening on the published ranking rests on them. */
function refuseOtherQuotas(known: ClickDayFacts, wanted: ClickDayFacts, nowUs: number): void {
  if (nowUs < known.opensAtUs) return;
  const sharing = ({ rules }: ClickDayFacts) =>
    JSON.stringify(quotasOf(rules).map(({ id, models }) => [id, models]));
  if (sharing(known) !== sharing(wanted)) throw new Refusal('QUOTAS_FIXED');
}

/** `iat` rises even when the clock was set back between two runs. */
function issue(parts: Parts, clickDays: ClickDayFacts[]): void {
  const { database, clock, key, notice } = parts;
  if (notice === null) return;
  const rehearsals = parts.rehearsals?.() ?? [];
  const last = Number(readSetting(database, ISSUED_KEY) ?? 0);
  const iatUs = Math.max(clock.nowUs(), last + 1);
  writeSetting(database, ISSUED_KEY, String(iatUs));
  publishNotice(notice, key, signCalendar({ key, clickDays, rehearsals, iatUs }));
}
