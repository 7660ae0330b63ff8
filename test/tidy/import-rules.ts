/**
 * Who may import whom (style: imports point down only).
 *
 *     main ── wires everything ──────────────────── engine/*.ts, engine/commands
 *     simulation ─ plays all below, and the core of the mini-client, in one process
 *     processes ── gate, portal
 *     rooms ────── backup; receipts, dispatch; register, log, witness; ledger, calendar, mail …
 *     below ────── store, clock (through their doors), foundation
 *     words ────── protocol: imports nothing of the engine and nothing of Node
 *
 * A room's index.ts is its only door. A third-party library of the engine has one home.
 */
import type { Import, Rule, Source } from '#test/tidy/sources.ts';

const LEVELS: Readonly<Record<string, number>> = {
  protocol: 0,
  foundation: 1,
  clock: 2,
  store: 2,
  calendar: 3,
  ledger: 3,
  mail: 3,
  redis: 3,
  register: 4,
  receipts: 5,
  dispatch: 5,
  log: 4,
  witness: 4,
  conformance: 4,
  backup: 6,
  gate: 6,
  portal: 6,
  simulation: 7,
};

/** Folders whose every file may be imported; the others have doors. */
const OPEN = new Set(['protocol', 'foundation']);
const DOORS = /^engine\/(store\/database|portal\/[^/]+|[^/]+)\/index\.ts$/;
/** Bounds and nothing else: every level may know them. */
const EVERYWHERE = new Set(['engine/limits.ts']);

/** The door of the client that people use. */
const CLIENT_CORE = 'mini-client/core/index.ts';

/** The room of a path of the engine; undefined for main, its commands and outside. */
function roomOf(path: string): string | undefined {
  const room = /^engine\/([^/]+)\//.exec(path)?.[1];
  return room === 'commands' ? undefined : room;
}

function imported(source: Source, judge: (one: Import) => string | undefined): string[] {
  return source.imports.flatMap((one) => {
    const verdict = judge(one);
    return verdict === undefined ? [] : [`${source.path} imports ${one.specifier}: ${verdict}`];
  });
}

/** Imports point down; rooms are entered by their doors. */
export const directions: Rule = (source) => {
  const from = roomOf(source.path);
  if (from === undefined) return [];
  return imported(source, ({ path }) => {
    if (path === undefined || EVERYWHERE.has(path)) return undefined;
    if (from === 'simulation' && path === CLIENT_CORE) return undefined;
    const to = roomOf(path);
    if (to === from) return undefined;
    if (to === undefined) return 'only main and its neighbours stand above the rooms';
    const levelFrom = LEVELS[from];
    const levelTo = LEVELS[to];
    if (levelFrom === undefined || levelTo === undefined) {
      return `give ${levelTo === undefined ? to : from} its level in import-rules.ts`;
    }
    if (levelTo >= levelFrom) return 'imports point down: take what you need as an argument';
    return undefined;
  });
};

/** A room's `index.ts` is its door. */
export const doors: Rule = (source) => {
  const from = roomOf(source.path);
  if (!source.path.startsWith('engine/')) return [];
  return imported(source, ({ path }) => {
    const to = path === undefined ? undefined : roomOf(path);
    if (path === undefined || to === undefined || to === from || OPEN.has(to)) return undefined;
    return DOORS.test(path) ? undefined : `go through engine/${to}/index.ts`;
  });
};

/** The words between processes know nothing of Node nor of the engine. */
export const pureProtocol: Rule = (source) => {
  if (!source.path.startsWith('engine/protocol/')) return [];
  return imported(source, ({ path, specifier }) => {
    if (specifier.startsWith('node:')) return 'protocol runs in a browser too: pass it in';
    if (path?.startsWith('engine/protocol/') === false) return 'protocol imports nothing of ours';
    return undefined;
  });
};

/** The UI, the mini-client and the benchmarks know the engine by its protocol alone. */
export const outsiders: Rule = (source) => {
  const own = /^(admin-ui|mini-client|bench)\//.exec(source.path)?.[0];
  if (own === undefined) return [];
  return imported(source, ({ path }) => {
    if (path === undefined || path.startsWith(own)) return undefined;
    if (path.startsWith('engine/protocol/')) return undefined;
    if (own === 'bench/' && BENCH_MAY.test(path)) return undefined;
    return 'only engine/protocol is known outside the engine';
  });
};

/** A scenario that measures one room in its own process enters by the room's door. */
const BENCH_MAY = /^(engine\/[^/]+\/index|engine\/foundation\/[^/]+|test\/support\/[^/]+)\.ts$/;

/** Library (by prefix) → the rooms that are its home. */
const HOMES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^uWebSockets\.js$/, ['gate']],
  [/^(fastify$|@fastify\/)/, ['portal']],
  [/^hucre\//, ['portal']],
  [/^(lmdb|node:sqlite)$/, ['store']],
  [/^kysely$/, ['store']],
  [/^(piscina|uqr)$/, ['receipts']],
  [/^(pdf-lib|@pdf-lib\/fontkit)$/, ['receipts', 'portal']],
  [/^@napi-rs\/nice$/, ['receipts']],
  [/^ws$/, ['conformance']],
  [/^ioredis$/, ['redis']],
  [/^(nodemailer(\/.*)?|smtp-server|postal-mime|imapflow)$/, ['mail']],
  [/^ntp-time-sync$/, ['clock']],
  [/^(@node-rs\/argon2|otpauth|openid-client)$/, ['portal']],
  [/^prom-client$/, ['foundation', 'gate', 'portal']],
  [/^(pino|ulid)$/, ['foundation']],
  [/^commander$/, ['main']],
  [/^(canonicalize$|@noble\/)/, ['protocol']],
];
const EVERY_ROOM = /^(node:|@sinclair\/typebox(\/|$))/;

/** Each third-party library of the engine lives in one folder; its types may travel. */
export const homes: Rule = (source) => {
  if (!source.path.startsWith('engine/')) return [];
  const room = roomOf(source.path) ?? 'main';
  return imported(source, ({ path, specifier, typeOnly }) => {
    if (path !== undefined || typeOnly) return undefined;
    const home = HOMES.find(([library]) => library.test(specifier))?.[1];
    if (home === undefined && EVERY_ROOM.test(specifier)) return undefined;
    if (home === undefined) return 'give this library its home in import-rules.ts';
    return home.includes(room) ? undefined : `it lives in ${home.join(', ')}: use that room's door`;
  });
};

export const IMPORT_RULES = { directions, doors, pureProtocol, outsiders, homes };
