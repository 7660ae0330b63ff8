/** Calendars: instants in order, models and tables that exist. */
import { usFromIso } from '#protocol/time.ts';
import type { CalendarDocument, Fault } from '../source.ts';
import { type Ground, repeated } from './ground.ts';

const TABLE = 'table:';

type Day = CalendarDocument['clickDays'][number];

export function checkCalendars({ own, models }: Ground): readonly Fault[] {
  return [...own.calendars.values()].flatMap(({ file, content }) => {
    const fault = (path: string, message: string): Fault => ({ file, path, message });
    const ids = repeated(content.clickDays.map((day) => day.id));
    return [
      ...ids.map((id) => fault('/clickDays', `${id} is there twice`)),
      ...content.clickDays.flatMap((day, index) => [
        ...checkTimes(day).map((message) => fault(`/clickDays/${index}`, message)),
        ...checkRules(models, day).map((message) => fault(`/clickDays/${index}/rules`, message)),
      ]),
    ];
  });
}

function checkTimes({ opensAt, closesAt }: Day): string[] {
  const [opensAtUs, closesAtUs] = [usFromIso(opensAt), usFromIso(closesAt)];
  if (Number.isNaN(opensAtUs)) return [`${opensAt} is no instant: write 2011-01-31T07:00:00Z`];
  if (Number.isNaN(closesAtUs)) return [`${closesAt} is no instant: write 2011-01-31T07:00:00Z`];
  return opensAtUs < closesAtUs ? [] : ['closes before it opens'];
}

function checkRules(models: Ground['models'], { rules }: Day): string[] {
  return rules.flatMap((rule) => {
    const codes = (rule.models ?? []).filter((code) => models.get(code) === undefined);
    const named = [...(rule.nationalities ?? []), ...(rule.exceptNationalities ?? [])]
      .filter((one) => one.startsWith(TABLE))
      .map((one) => one.slice(TABLE.length));
    return [
      ...codes.map((code) => `there is no model ${code}`),
      ...named
        .filter((name) => models.table(name) === undefined)
        .map((name) => `there is no table ${name}`),
    ];
  });
}
