/**
 * What a receipt says of an application beside what stands in the ledger. Read only, and from
 * nothing but the database and the models: the workshop of receipts has it in its own process.
 */
import type { ReceiptFacts } from '../../receipts/index.ts';
import { type DatabaseForReading, sql } from '../../store/database/index.ts';
import { criterionLabel, type Models, officeName, receiptLines } from '../models/index.ts';
import { formOf } from './service.ts';
import { valuesOf } from './version.ts';

interface Ground {
  readonly database: Pick<DatabaseForReading, 'build' | 'all'>;
  readonly models: Models;
}

/** Facts of the submitted ones among some applications, in any order; others are left out. */
export type ReceiptFactsOf = (applications: readonly string[]) => ReceiptFacts[];

export function createReceiptFacts(ground: Ground): ReceiptFactsOf {
  return (applications) => rowsOf(ground, applications).map((row) => factsOf(ground, row));
}

function rowsOf({ database }: Ground, applications: readonly string[]) {
  const named = sql<string>`(select value from json_each(${JSON.stringify(applications)}))`;
  return database.all(
    database.build
      .selectFrom('applications as a')
      .innerJoin('versions as v', 'v.digest', 'a.digest')
      .innerJoin('accounts as u', 'u.id', 'a.account')
      .select(['a.id', 'a.protocol', 'a.model', 'a.model_version', 'a.click_day', 'a.office'])
      .select(['a.office_criterion', 'v.digest', 'v.salt', 'v.canonical', 'u.email', 'u.language'])
      .where('a.id', 'in', named)
      .where('a.protocol', 'is not', null),
  );
}

function factsOf({ models }: Ground, row: ReturnType<typeof rowsOf>[number]): ReceiptFacts {
  const language = row.language === 'en' ? 'en' : 'it';
  const form = formOf(models, row);
  const [first, second, third] = receiptLines(models, form, valuesOf(row));
  return {
    application: row.id,
    protocol: row.protocol ?? '',
    model: row.model,
    modelTitle: form.title[language],
    clickDay: row.click_day ?? '',
    employer: first?.value[language] ?? '',
    worker: second?.value[language] ?? '',
    nationality: third?.value[language] ?? '',
    labels: [first, second, third].map((line) => line?.label[language] ?? ''),
    issuer: models.call.words?.issuer?.[language] ?? models.call.name[language],
    officeName: officeName(models, form, row.office ?? '')[language],
    officeCriterion: criterionLabel(form, row.office_criterion ?? '')[language],
    sender: row.email,
    digest: row.digest,
    salt: row.salt,
    language,
  };
}
