/**
 * What each added language of the web application (`admin-ui/src/languages/`) lacks, and what is
 * wrong with it. Missing words are no fault: they are shown in Italian. A dictionary or key that
 * does not exist, a text whose parameters are others, and half a folder are faults.
 *
 * `npm run languages` prints it and fails on a fault; the tidy tests do the same.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Words = Readonly<Record<string, unknown>>;

export interface LanguageReport {
  readonly code: string;
  /** `dictionary.key`, said in Italian until it is translated. */
  readonly missing: readonly string[];
  readonly faults: readonly string[];
}

const HELP = `Usage: npm run languages

Lists, for each language of admin-ui/src/languages, the words that are still missing (they are shown
in Italian) and what is wrong. Exit status 0: nothing is wrong; 1: something is; 2: wrong usage.
`;

/** Reads all dictionaries and languages below `root`, a directory like `admin-ui`. */
export async function languageReports(root: string): Promise<LanguageReport[]> {
  const folder = join(root, 'src', 'languages');
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const codes = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (codes.length === 0) return [];
  const dictionaries = await readDictionaries(root);
  return Promise.all(codes.sort().map((code) => report(join(folder, code), code, dictionaries)));
}

/** Every dictionary by its name; the Italian words. Throws when two have one name. */
export async function readDictionaries(root: string): Promise<Map<string, Words>> {
  const found = new Map<string, Words>();
  for (const path of globSync('src/**/*.ts', { cwd: root }).sort()) {
    const source = readFileSync(join(root, path), 'utf8');
    for (const [, variable = '', name = ''] of source.matchAll(DECLARATION)) {
      if (found.has(name)) throw new Error(`${path}: there is another dictionary “${name}”`);
      const exported = (await importFrom(join(root, path)))[variable];
      if (exported === undefined) throw new Error(`${path}: ${variable} is not exported`);
      found.set(name, (exported as { it: Words }).it);
    }
  }
  return found;
}

const DECLARATION = /const (\w+) = dictionary\(\s*'([^']+)'/g;

async function report(
  folder: string,
  code: string,
  dictionaries: ReadonlyMap<string, Words>,
): Promise<LanguageReport> {
  const faults = ['language.json', 'words.ts']
    .filter((name) => !existsSync(join(folder, name)))
    .map((name) => `${name} is not there`);
  if (!/^[a-z]{2,3}$/.test(code)) faults.push('the folder’s name is no language code');
  if (faults.length > 0) return { code, missing: [], faults };
  faults.push(...aboutFaults(readFileSync(join(folder, 'language.json'), 'utf8')));
  const said = ((await importFrom(join(folder, 'words.ts'))).words ?? {}) as Record<string, Words>;
  for (const [name, words] of Object.entries(said)) {
    const known = dictionaries.get(name);
    if (known === undefined) faults.push(`there is no dictionary “${name}”`);
    else faults.push(...wordFaults(name, known, words));
  }
  const missing = [...dictionaries].flatMap(([name, words]) =>
    Object.keys(words)
      .filter((key) => said[name]?.[key] === undefined)
      .map((key) => `${name}.${key}`),
  );
  return { code, missing, faults };
}

function aboutFaults(text: string): string[] {
  const about = JSON.parse(text) as Record<string, unknown>;
  const faults = ['name', 'short', 'tag']
    .filter((member) => typeof about[member] !== 'string' || about[member] === '')
    .map((member) => `language.json: “${member}” is missing`);
  try {
    Intl.getCanonicalLocales(String(about.tag));
  } catch {
    faults.push(`language.json: “${about.tag}” is no BCP 47 tag`);
  }
  return faults;
}

function wordFaults(name: string, known: Words, words: Words): string[] {
  return Object.entries(words).flatMap(([key, text]) => {
    const original = known[key];
    if (original === undefined) return [`${name}.${key}: there is no such key`];
    const isSame = typeof text === typeof original && parametersOf(text) <= parametersOf(original);
    return isSame ? [] : [`${name}.${key}: other parameters than in Italian`];
  });
}

function parametersOf(text: unknown): number {
  return typeof text === 'function' ? text.length : 0;
}

async function importFrom(path: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
}

async function main(words: readonly string[]): Promise<number> {
  if (words.length > 0) {
    const isHelp = words[0] === '--help';
    (isHelp ? process.stdout : process.stderr).write(HELP);
    return isHelp ? 0 : 2;
  }
  const reports = await languageReports('admin-ui');
  if (reports.length === 0) process.stdout.write('Italian and English; no language is added.\n');
  for (const { code, missing, faults } of reports) {
    for (const key of missing) process.stdout.write(`${code}: ${key} is shown in Italian\n`);
    for (const fault of faults) process.stderr.write(`${code}: ${fault}\n`);
    process.stdout.write(`${code}: ${missing.length} words missing, ${faults.length} faults\n`);
  }
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
