/**
 * The code tables of the models, read once from `tables/`.
 *
 * Codes, never labels, go into applications: in 2007 a label that server and form spelled
 * differently held back every application of one nationality.
 */
import {
  type CodeTable,
  type CodeTables,
  readTable,
  type TableDocument,
  tablesFrom,
} from '#protocol/forms/index.ts';
import accommodationProviders from './tables/accommodation-providers.json' with { type: 'json' };
import accommodationTitles from './tables/accommodation-titles.json' with { type: 'json' };
import art2Nationalities from './tables/art2-nationalities.json' with { type: 'json' };
import careRelations from './tables/care-relations.json' with { type: 'json' };
import collectiveAgreements from './tables/collective-agreements.json' with { type: 'json' };
import comuni from './tables/comuni.json' with { type: 'json' };
import contractDurations from './tables/contract-durations.json' with { type: 'json' };
import countries from './tables/countries.json' with { type: 'json' };
import domesticLevels from './tables/domestic-levels.json' with { type: 'json' };
import domesticReasons from './tables/domestic-reasons.json' with { type: 'json' };
import employeeCategories from './tables/employee-categories.json' with { type: 'json' };
import employerKinds from './tables/employer-kinds.json' with { type: 'json' };
import identityDocuments from './tables/identity-documents.json' with { type: 'json' };
import italianDescentNationalities from './tables/italian-descent-nationalities.json' with {
  type: 'json',
};
import maritalStatuses from './tables/marital-statuses.json' with { type: 'json' };
import officeCriteriaA from './tables/office-criteria-a.json' with { type: 'json' };
import officeCriteriaB from './tables/office-criteria-b.json' with { type: 'json' };
import permitKinds from './tables/permit-kinds.json' with { type: 'json' };
import permitReasons from './tables/permit-reasons.json' with { type: 'json' };
import provinces from './tables/provinces.json' with { type: 'json' };
import sexes from './tables/sexes.json' with { type: 'json' };
import suitabilityProofs from './tables/suitability-proofs.json' with { type: 'json' };
import workerDocuments from './tables/worker-documents.json' with { type: 'json' };

const documents: readonly TableDocument[] = [
  accommodationProviders,
  accommodationTitles,
  art2Nationalities,
  careRelations,
  collectiveAgreements,
  comuni,
  contractDurations,
  countries,
  domesticLevels,
  domesticReasons,
  employeeCategories,
  employerKinds,
  identityDocuments,
  italianDescentNationalities,
  maritalStatuses,
  officeCriteriaA,
  officeCriteriaB,
  permitKinds,
  permitReasons,
  provinces,
  sexes,
  suitabilityProofs,
  workerDocuments,
];

const byName: ReadonlyMap<string, CodeTable> = new Map(
  documents.map((document) => [document.name, readTable(document)]),
);

/** All tables, as the checks of the forms want them. */
export const codeTables: CodeTables = tablesFrom([...byName.values()]);

/** Names of all tables. */
export function tableNames(): readonly string[] {
  return documents.map((document) => document.name);
}

/** A table to look things up in, or undefined when there is none of that name. */
export function codeTable(name: string): CodeTable | undefined {
  return byName.get(name);
}

/** A table as it is served: columns and rows. `comuni` is the only one above 25 kB (430 kB). */
export function tableDocument(name: string): TableDocument | undefined {
  return documents.find((document) => document.name === name);
}
