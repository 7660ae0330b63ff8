/** Click days in the database. No rules here, only rows. */
import type { ClickDay } from '#protocol/calendar.ts';
import type { ClickDayRule } from '#protocol/portal-api.ts';
import { quotasOf } from '#protocol/ranking/quotas.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { ClickDaysTable, Database } from '../../store/database/index.ts';

/** A click day as rooms handle it. Instants are integer microseconds. */
export interface ClickDayFacts {
  readonly id: string;
  readonly name: { readonly it: string; readonly en: string };
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  readonly suspended: boolean;
  readonly rules: readonly ClickDayRule[];
}

export interface ClickDayStore {
  /** In the order in which they open. */
  all(): ClickDayFacts[];
  byId(id: string): ClickDayFacts | undefined;
  insert(day: ClickDayFacts, nowUs: number): void;
  update(day: ClickDayFacts, nowUs: number): void;
}

/** The click days in `database`. */
export function clickDayStore({ build, ...database }: Database): ClickDayStore {
  const days = () => build.selectFrom('click_days').selectAll();
  return {
    all: () => database.all(days().orderBy('opens_at_us').orderBy('id')).map(factsOf),
    byId: (id) => {
      const row = database.first(days().where('id', '=', id));
      return row && factsOf(row);
    },
    insert: (day, nowUs) =>
      void database.run(build.insertInto('click_days').values(rowOf(day, nowUs))),
    update: (day, nowUs) => {
      const { id, ...values } = rowOf(day, nowUs);
      database.run(build.updateTable('click_days').set(values).where('id', '=', id));
    },
  };
}

/** A click day in the form that gates and clients know. */
export function clickDayOnWire(day: ClickDayFacts): ClickDay {
  const quotas = quotasOf(day.rules);
  return {
    id: day.id,
    opensAt: isoFromUs(day.opensAtUs),
    closesAt: isoFromUs(day.closesAtUs),
    ...(day.suspended ? { suspended: true as const } : {}),
    ...(quotas.length > 0 ? { quotas } : {}),
  };
}

function factsOf(row: ClickDaysTable): ClickDayFacts {
  return {
    id: row.id,
    name: { it: row.name_it, en: row.name_en },
    opensAtUs: row.opens_at_us,
    closesAtUs: row.closes_at_us,
    suspended: row.suspended === 1,
    rules: JSON.parse(row.rules_json) as ClickDayRule[],
  };
}

function rowOf(day: ClickDayFacts, nowUs: number): ClickDaysTable {
  return {
    id: day.id,
    name_it: day.name.it,
    name_en: day.name.en,
    opens_at_us: day.opensAtUs,
    closes_at_us: day.closesAtUs,
    suspended: day.suspended ? 1 : 0,
    rules_json: JSON.stringify(day.rules),
    updated_at_us: nowUs,
  };
}
