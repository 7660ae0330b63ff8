/**
 * The import of many applications in types: what was sent, how far it is, what is wrong with which
 * row. Rows count as spreadsheet programs count them: 1 is the header.
 */
import { type Static, type TObject, Type } from '@sinclair/typebox';
import { Identifier, Instant, Texts } from './portal-api.ts';

const word = (...values: string[]) => ({ type: 'string', enum: values });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
/**
 * As a list of types, not as a union: the writer of answers would compile a validator of the whole
 * answer to tell the two apart, 60 ms of the portal's event loop at its first import.
 */
const objectOrNull = <T extends TObject>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ ...schema, type: ['object', 'null'] });

/**
 *   checking ─► checked ─► taking ─► taken ─► undoing ─► undone
 *       └─► failed
 */
export const ImportState = Type.Unsafe<
  'checking' | 'checked' | 'taking' | 'taken' | 'undoing' | 'undone' | 'failed'
>(word('checking', 'checked', 'taking', 'taken', 'undoing', 'undone', 'failed'));
export type ImportState = Static<typeof ImportState>;

/** A question of the form: its stable code and its words. */
export const ImportColumn = Type.Object({ field: Type.String(), label: Texts });
export type ImportColumn = Static<typeof ImportColumn>;

export const ImportView = Type.Object({
  id: Identifier,
  model: Type.String(),
  modelVersion: Type.Integer(),
  fileName: Type.String(),
  state: ImportState,
  /** Why the file could not be read; null when it could. */
  failure: objectOrNull(Type.Object({ code: Type.String(), messages: Texts })),
  /** Whether rows are made ready as they are taken over. */
  makeReady: Type.Boolean(),
  rows: Type.Object({
    /** Looked at so far. */
    checked: Type.Integer(),
    /** Nothing wrong, not yet taken over. */
    valid: Type.Integer(),
    /** To mend and send again. */
    wrong: Type.Integer(),
    /** Not wrong, but worth a look. */
    warned: Type.Integer(),
    draft: Type.Integer(),
    ready: Type.Integer(),
    undone: Type.Integer(),
    /** Not taken back, because they were changed or sent since. */
    kept: Type.Integer(),
  }),
  /** Headers that name no question of the model. */
  unknownColumns: Type.Array(Type.String()),
  /** Questions that must always be answered and have no column. */
  missingColumns: Type.Array(ImportColumn),
  createdAt: Instant,
  updatedAt: Instant,
});
export type ImportView = Static<typeof ImportView>;

export const ImportsAnswer = Type.Object({ imports: Type.Array(ImportView) });
export type ImportsAnswer = Static<typeof ImportsAnswer>;

export const ImportQuery = Type.Object({ model: Type.String({ maxLength: 20 }) });

/** One thing about one cell; `column` in letters and `field` empty when it is about the row. */
export const ImportFinding = Type.Object({
  row: Type.Integer(),
  column: Type.String(),
  field: Type.String(),
  label: Texts,
  kind: Type.Unsafe<'error' | 'warning'>(word('error', 'warning')),
  code: Type.String(),
  messages: Texts,
});
export type ImportFinding = Static<typeof ImportFinding>;

/** `next`: give it back as `after` for what follows; null at the end. */
export const ImportFindingsAnswer = Type.Object({
  findings: Type.Array(ImportFinding),
  next: nullable(Type.Integer()),
});
export type ImportFindingsAnswer = Static<typeof ImportFindingsAnswer>;

export const ImportTaking = Type.Object({ makeReady: Type.Boolean() });
export type ImportTaking = Static<typeof ImportTaking>;
