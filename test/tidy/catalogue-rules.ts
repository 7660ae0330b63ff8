/**
 * Documents and catalogues in step with the code.
 */

interface CatalogueEntry {
  readonly it: string;
  readonly en: string;
  readonly retryable?: boolean;
  readonly status?: number;
  readonly close?: number;
}

/** What is wrong with a catalogue of outcomes: a text missing, or one in both languages. */
export function catalogueViolations(outcomes: Readonly<Record<string, CatalogueEntry>>): string[] {
  return Object.entries(outcomes).flatMap(([code, outcome]) => {
    const found: string[] = [];
    if (!/^[A-Z][A-Z0-9_]*$/.test(code)) found.push(`${code}: codes are UPPER_SNAKE_CASE`);
    for (const language of ['it', 'en'] as const) {
      const text = outcome[language];
      if (text.trim().length < 10) found.push(`${code} has no sentence in ${language}`);
    }
    if (outcome.it === outcome.en) found.push(`${code} says the same in both languages`);
    return found;
  });
}

/** The page on which a person looks a code up: the whole catalogue as a table. */
export function outcomesPage(outcomes: Readonly<Record<string, CatalogueEntry>>): string {
  const rows = Object.entries(outcomes).map(([code, outcome]) => {
    const numbers = `${outcome.status ?? ''} | ${outcome.close ?? ''}`;
    const again = outcome.retryable ? 'yes' : 'no';
    return `| \`${code}\` | ${numbers} | ${again} | ${outcome.en} | ${outcome.it} |`;
  });
  return `# Outcomes

Every stable code that leaves this system, from \`engine/protocol/outcomes.ts\`. A code is never
renamed or given another meaning. After a change there: \`npm test -- test/tidy --update\`.

| code | HTTP | close | again | English | Italian |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** `npm run X` and `npm start`-like words of a document that are no script. */
export function unknownCommands(document: string, scripts: readonly string[]): string[] {
  const called = [
    ...[...document.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map((match) => match[1]!),
    ...[...document.matchAll(/npm (start|test)\b/g)].map((match) => match[1]!),
  ];
  return [...new Set(called)].filter((name) => !scripts.includes(name));
}

/** Files that the scripts of package.json name and that are not there. */
export function missingPrograms(
  scripts: Readonly<Record<string, string>>,
  exists: (path: string) => boolean,
): string[] {
  return Object.entries(scripts).flatMap(([name, command]) => {
    const files = command.split(' ').filter((word) => /\.(ts|sh)$/.test(word));
    return files.filter((file) => !exists(file)).map((file) => `${name}: there is no ${file}`);
  });
}
