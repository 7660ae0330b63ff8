/**
 * The written rules of style, kept: imports, bans, names, lengths. Each rule has a negative
 * control, a sample that breaks it and must be caught, and one that must pass.
 */
import { describe, expect, it } from 'vitest';
import { BAN_RULES } from '#test/tidy/ban-rules.ts';
import { IMPORT_RULES } from '#test/tidy/import-rules.ts';
import { ownSources, type Rule, sourceOf, violations } from '#test/tidy/sources.ts';

const RULES: Readonly<Record<string, Rule>> = { ...IMPORT_RULES, ...BAN_RULES };

/** rule, path, text that must be caught, text that must pass. */
const CONTROLS: readonly (readonly [keyof typeof RULES, string, string, string])[] = [
  [
    'directions',
    'engine/ledger/a.ts',
    "import { x } from '../gate/index.ts';",
    "import { x } from '#engine/store/index.ts';",
  ],
  [
    'directions',
    'engine/gate/a.ts',
    "import { x } from '#engine/config.ts';",
    "import { x } from '../limits.ts';",
  ],
  [
    'directions',
    'engine/simulation/a.ts',
    "import { x } from '#mini-client/core/journal.ts';",
    "import { x } from '#mini-client/core/index.ts';",
  ],
  [
    'doors',
    'engine/gate/a.ts',
    "import { x } from '#engine/ledger/merkle.ts';",
    "import { x } from '#engine/ledger/index.ts';",
  ],
  [
    'doors',
    'engine/main.ts',
    "export * from './gate/socket.ts';",
    "import { x } from './gate/index.ts';",
  ],
  [
    'pureProtocol',
    'engine/protocol/a.ts',
    "import { hash } from 'node:crypto';",
    "import { x } from './time.ts';",
  ],
  [
    'outsiders',
    'admin-ui/src/a.svelte',
    "<script lang='ts'>import { x } from '../../engine/gate/index.ts';</script>",
    "<script lang='ts'>import { x } from '#protocol/time.ts';</script>",
  ],
  [
    'outsiders',
    'mini-client/cli.ts',
    "const x = await import('#engine/foundation/log.ts');",
    "import { x } from '#protocol/time.ts';",
  ],
  [
    'homes',
    'engine/portal/a.ts',
    "import { open } from 'lmdb';",
    "import type { Database } from 'lmdb';",
  ],
  ['homes', 'engine/gate/a.ts', "import x from 'left-pad';", "import { x } from 'uWebSockets.js';"],
  ['passedIn', 'engine/gate/a.ts', 'const a = Date.now();', 'const a = clock.nowUs();'],
  ['passedIn', 'engine/gate/a.ts', 'const a = new Date();', 'const a = new Date(5);'],
  ['passedIn', 'engine/gate/a.ts', 'const a = performance.now();', "const a = 'Date.now()';"],
  ['passedIn', 'engine/gate/a.ts', 'setTimeout(f, 5);', 'timers.after(5, f);'],
  ['passedIn', 'engine/gate/a.ts', 'const a = Math.random();', '// Math.random()'],
  ['passedIn', 'engine/gate/a.ts', "import { randomUUID } from 'node:crypto';", 'random.id();'],
  ['passedIn', 'engine/gate/a.ts', 'const a = process.env.HOME;', 'const a = config.home;'],
  ['passedIn', 'engine/gate/a.ts', 'processRegistry();', 'registry.metrics();'],
  ['everywhere', 'bench/a.ts', 'let a: any;', "let a: unknown = 'any';"],
  ['everywhere', 'bench/a.ts', 'enum A { B }', "type A = 'B';"],
  ['everywhere', 'test/unit/a.test.ts', "it.skip('x', f);", "it('x', f);"],
  ['everywhere', 'test/unit/a.test.ts', "describe.only('x', f);", "describe('only', f);"],
  ['noPromises', 'engine/gate/a.ts', '// TODO later', '// done'],
  ['folderNames', 'engine/utils/a.ts', '', ''],
  ['fileNames', 'engine/gate/SocketThing.ts', '', ''],
  ['fileLength', 'engine/gate/a.ts', '\n'.repeat(301), '\n'.repeat(300)],
  ['lineLength', 'engine/gate/a.ts', `// ${'x'.repeat(98)}`, `// ${'x'.repeat(97)}`],
  ['noPlaces', 'docs/a.md', 'see /home/someone/notes.md', 'see ./notes'],
];

/** The path on which a control that is about the path must pass. */
const GOOD_PATHS: Readonly<Record<string, string>> = {
  folderNames: 'engine/gate/a.ts',
  fileNames: 'engine/gate/socket-thing.ts',
};

describe('tidy', () => {
  const sources = ownSources();

  it('sees the sources', () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  it.each(Object.entries(RULES))('keeps the rule %s', (_name, rule) => {
    expect(violations(rule, sources)).toEqual([]);
  });

  it.each(CONTROLS)('catches a breach of %s in %s: %s', (name, path, bad, good) => {
    const rule = RULES[name]!;
    expect(rule(sourceOf(path, bad))).toHaveLength(1);
    expect(rule(sourceOf(GOOD_PATHS[name] ?? path, good))).toEqual([]);
  });

  it('has a control for every rule', () => {
    const controlled = new Set(CONTROLS.map(([name]) => name));
    expect(Object.keys(RULES).filter((name) => !controlled.has(name))).toEqual([]);
  });
});
