/**
 * The languages that were added are right, as far as a program can tell; and the check sees what is
 * wrong with one that is not.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LanguageReport, languageReports, readDictionaries } from '#test/set-up/languages.ts';

test('every dictionary has a name of its own, by which languages translate it', async () => {
  const names = [...(await readDictionaries('admin-ui')).keys()];
  expect(names).toEqual(expect.arrayContaining(['shared', 'home', 'applications', 'forms']));
});

test('the languages that are there say nothing that nobody asks for', async () => {
  const reports = await languageReports('admin-ui');
  expect(reports.map(({ code, faults }) => [code, faults])).toEqual(
    reports.map(({ code }) => [code, []]),
  );
});

const ABOUT = '{"name":"Deutsch","short":"DEU","tag":"de-DE"}';
const GOOD = "export const words = { a: { one: 'eins', two: (n) => n + ' zwei' } };";

test('lists what is missing, which is no fault', async () => {
  const report = await reportOf({
    about: ABOUT,
    words: "export const words = { a: { one: 'x' } };",
  });
  expect(report).toEqual({ code: 'de', missing: ['a.two'], faults: [] });
  expect(await reportOf({ about: ABOUT, words: GOOD })).toEqual({
    ...{ code: 'de', missing: [], faults: [] },
  });
});

test.each([
  ['a dictionary that is not there', ABOUT, 'export const words = { b: {} };', /no dictionary “b”/],
  ['a key that is not there', ABOUT, "export const words = { a: { on: 'x' } };", /no such key/],
  ['a function for a string', ABOUT, 'export const words = { a: { one: () => 1 } };', /parameters/],
  ['one parameter more', ABOUT, "export const words = { a: { two: (n, m) => '' } };", /parameters/],
  ['a tag that is none', ABOUT.replace('de-DE', 'de_DE'), GOOD, /no BCP 47 tag/],
  ['a language without a name', ABOUT.replace('Deutsch', ''), GOOD, /“name” is missing/],
  ['a folder without words', ABOUT, undefined, /words.ts is not there/],
])('sees %s', async (_what, about, words, fault) => {
  const report = await reportOf({ about, words });
  expect(report?.faults).toEqual([expect.stringMatching(fault)]);
});

/** What is said of the language `de` of an application with one dictionary. */
async function reportOf(files: {
  about: string;
  words: string | undefined;
}): Promise<LanguageReport | undefined> {
  const root = mkdtempSync(join(tmpdir(), 'clickday-languages-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'src', 'languages', 'de');
  mkdirSync(folder, { recursive: true });
  const own = 'const dictionary = (name, both) => both;\nexport const texts = ';
  const both = "dictionary('a', { it: { one: 'uno', two: (n) => 'due' } });\n";
  writeFileSync(join(root, 'src', 'texts.ts'), own + both);
  writeFileSync(join(folder, 'language.json'), files.about);
  if (files.words !== undefined) writeFileSync(join(folder, 'words.ts'), files.words);
  const [report] = await languageReports(root);
  return report;
}
