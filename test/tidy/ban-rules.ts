/**
 * What may not be written, each with what to write instead.
 */
import { basename } from 'node:path';
import ts from 'typescript';
import type { Rule, Source } from '#test/tidy/sources.ts';

interface Ban {
  readonly name: string;
  readonly instead: string;
  /** Where it is at home and allowed. */
  readonly home: RegExp;
  readonly matches: (node: ts.Node) => boolean;
}

const member = (node: ts.Node, object: string, name: RegExp) =>
  ts.isPropertyAccessExpression(node) &&
  node.expression.getText() === object &&
  name.test(node.name.text);

const CLOCK = /^engine\/clock\//;
const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate']);

function callsTimer(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return TIMERS.has(node.expression.text);
  }
  return false;
}

/** Bans that hold in `engine/`. */
const BANS: readonly Ban[] = [
  {
    name: 'Date.now',
    instead: "take a `Clock` as an argument and ask its `nowUs()` (or `systemWall` by main's hand)",
    home: CLOCK,
    matches: (node) => member(node, 'Date', /^now$/),
  },
  {
    name: 'new Date()',
    instead: 'take a `Clock` as an argument, or give the instant: new Date(instantMs)',
    home: CLOCK,
    matches: (node) =>
      ts.isNewExpression(node) &&
      node.expression.getText() === 'Date' &&
      (node.arguments?.length ?? 0) === 0,
  },
  {
    name: 'performance.now or process.hrtime',
    instead: 'take a `Clock` as an argument',
    home: CLOCK,
    matches: (node) => member(node, 'performance', /^now$/) || member(node, 'process', /^hrtime$/),
  },
  {
    name: 'a timer of the host',
    instead: 'take `Timers` (engine/clock) as an argument',
    home: CLOCK,
    matches: callsTimer,
  },
  {
    name: 'Math.random',
    instead: 'take a `Random` (engine/foundation/random.ts) as an argument',
    home: /^engine\/foundation\/random\.ts$/,
    matches: (node) => member(node, 'Math', /^random$/),
  },
  {
    name: 'randomUUID or randomBytes',
    instead: 'take a `Random` (engine/foundation/random.ts) as an argument',
    home: /^engine\/foundation\/random\.ts$/,
    matches: (node) => ts.isIdentifier(node) && /^random(UUID|Bytes|Int)$/.test(node.text),
  },
  {
    name: 'process.env',
    instead: 'add a key to engine/config.ts and take its value as an argument',
    home: /^engine\/config\.ts$/,
    matches: (node) => member(node, 'process', /^env$/),
  },
  {
    name: 'the numbers of the process',
    instead: 'take a `Registry` as an argument: each one with them observes the process to its end',
    home: /^engine\/(foundation\/metrics\.ts$|commands\/)/,
    matches: (node) =>
      ts.isIdentifier(node) && /^(collectDefaultMetrics|processRegistry)$/.test(node.text),
  },
];

/** Bans that hold in every TypeScript file. */
const BANS_EVERYWHERE: readonly Ban[] = [
  {
    name: 'any',
    instead: '`unknown`, decoded once at the edge',
    home: /^$/,
    matches: (node) => node.kind === ts.SyntaxKind.AnyKeyword,
  },
  {
    name: 'enum',
    instead: 'a union of literals: the types are erased, not compiled',
    home: /^$/,
    matches: (node) => ts.isEnumDeclaration(node),
  },
  {
    name: 'a test that is skipped or runs alone',
    instead: 'a test that runs, or none',
    home: /^$/,
    matches: (node) =>
      ts.isPropertyAccessExpression(node) &&
      /^(only|skip|todo|skipIf|runIf)$/.test(node.name.text) &&
      /^(it|test|describe|suite)\b/.test(node.expression.getText()),
  },
];

function banned(source: Source, bans: readonly Ban[]): string[] {
  const found: string[] = [];
  const { tree } = source;
  if (tree === undefined) return found;
  const held = bans.filter((ban) => !ban.home.test(source.path));
  const visit = (node: ts.Node) => {
    for (const ban of held) {
      if (!ban.matches(node)) continue;
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${source.path}:${line + 1} uses ${ban.name}: instead ${ban.instead}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Time, chance and environment are passed in. */
export const passedIn: Rule = (source) =>
  source.path.startsWith('engine/') ? banned(source, BANS) : [];

/** Erasable, checked types, and tests that run. */
export const everywhere: Rule = (source) => banned(source, BANS_EVERYWHERE);

/** Nothing is left for later on the main branch. */
export const noPromises: Rule = (source) => {
  if (source.path.startsWith('test/tidy/')) return [];
  const lines = source.text.split('\n');
  return lines.flatMap((line, index) =>
    /\b(TODO|FIXME|XXX)\b/.test(line)
      ? [`${source.path}:${index + 1} leaves something for later: do it, or say "not done" in docs`]
      : [],
  );
};

const EMPTY_NAMES = new Set(['utils', 'util', 'helpers', 'common', 'managers', 'services', 'lib']);

/** A folder is named by what is in it. */
export const folderNames: Rule = (source) => {
  const empty = source.path
    .split('/')
    .slice(0, -1)
    .filter((name) => EMPTY_NAMES.has(name));
  return empty.map((name) => `${source.path}: "${name}" says nothing, name the folder by its noun`);
};

/** Files are kebab-case nouns. */
export const fileNames: Rule = (source) => {
  if (!/\.(ts|svelte)$/.test(source.path)) return [];
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|svelte|d))?\.(ts|svelte)$/;
  return kebab.test(basename(source.path))
    ? []
    : [`${source.path}: write file names in kebab-case`];
};

const LINES_MAX = 300;
/** A suite is a list of cases, each read by itself. */
const TEST_LINES_MAX = 450;
const COLUMNS_MAX = 100;
/** Catalogues: one list that is read by looking up, and worse in two files than long in one. */
const CATALOGUES = /^(engine\/protocol\/portal-api|admin-ui\/src\/i18n\/[^/]+)\.ts$/;
/** A sentence in quotes, which no formatter breaks, counts for nothing. */
const SENTENCE = /(['"`])(?:(?!\1).){40,}\1/g;

/** A file is read in one sitting. */
export const fileLength: Rule = (source) => {
  if (source.tree === undefined || CATALOGUES.test(source.path)) return [];
  const lines = source.text.split('\n').length - 1;
  const linesMax = source.path.endsWith('.test.ts') ? TEST_LINES_MAX : LINES_MAX;
  return lines > linesMax
    ? [`${source.path} has ${lines} lines: split it by what it promises`]
    : [];
};

/** A line fits a window beside another. */
export const lineLength: Rule = (source) => {
  if (!/\.(ts|svelte|sh)$/.test(source.path)) return [];
  return source.text
    .split('\n')
    .flatMap((line, index) =>
      [...line.replace(SENTENCE, '')].length > COLUMNS_MAX
        ? [`${source.path}:${index + 1} is longer than ${COLUMNS_MAX} columns: break it`]
        : [],
    );
};

/** Machines, registries and paths of a developer are nobody else's business. */
export const noPlaces: Rule = (source) => {
  if (source.path.startsWith('test/tidy/')) return [];
  const place = /((?<![\w.])\/(work|home\/\w+|Users\/\w+)\/|registry\.[a-z-]+\.|"resolved": "http)/;
  return source.text
    .split('\n')
    .flatMap((line, index) =>
      place.test(line) ? [`${source.path}:${index + 1} names a machine's place: leave it out`] : [],
    );
};

export const BAN_RULES = {
  passedIn,
  everywhere,
  noPromises,
  folderNames,
  fileNames,
  fileLength,
  lineLength,
  noPlaces,
};
