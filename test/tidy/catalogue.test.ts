/**
 * The catalogue of outcomes, the documents and the scripts say the same. Every check is first
 * shown a case that it must catch.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outcomes } from '#protocol/outcomes.ts';
import {
  catalogueViolations,
  missingPrograms,
  outcomesPage,
  unknownCommands,
} from '#test/tidy/catalogue-rules.ts';
import { ownPaths, ROOT } from '#test/tidy/sources.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

describe('the catalogue of outcomes', () => {
  it('has a sentence in both languages for every code', () => {
    const silent = { A: { it: '', en: 'Something happened here.' } };
    expect(catalogueViolations(silent)).toEqual(['A has no sentence in it']);
    expect(catalogueViolations(outcomes)).toEqual([]);
  });

  it('is printed in full in docs/outcomes.md', async () => {
    expect(outcomesPage({})).not.toBe(outcomesPage(outcomes));
    await expect(outcomesPage(outcomes)).toMatchFileSnapshot('../../docs/outcomes.md');
  });
});

describe('documents', () => {
  it('name only commands that exist', () => {
    expect(unknownCommands('`npm run nothing`, npm start', ['start'])).toEqual(['nothing']);
    const documents = ownPaths().filter((path) => path.endsWith('.md'));
    const unknown = documents.flatMap((path) => unknownCommands(read(path), Object.keys(scripts)));
    expect(unknown).toEqual([]);
  });

  it('have programs behind every script', () => {
    const there = (path: string) => existsSync(join(ROOT, path));
    expect(missingPrograms({ a: 'sh gone.sh' }, there)).toEqual(['a: there is no gone.sh']);
    expect(missingPrograms(scripts, there)).toEqual([]);
  });
});
