/**
 * Compiles checks of wire shapes and decodes the gate's frames, once, at the edge.
 *
 * A text that is no frame of a known type and shape gives undefined and is ignored, as the
 * contract asks of clients: new members and new types may appear. Nothing throws.
 */
import { type TSchema, TypeRegistry } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import {
  Accepted,
  CalendarFrame,
  ErrorFrame,
  type GateFrame,
  Rejected,
  TimeAnswer,
  Welcome,
} from '#protocol/frames.ts';

/** A compiled check. The contract's enumerations are of a kind that TypeBox has to be told. */
export function compileCheck<T extends TSchema>(schema: T): TypeCheck<T> {
  if (!TypeRegistry.Has('Unsafe')) {
    TypeRegistry.Set<{ enum?: unknown[] }>('Unsafe', (kind, value) => {
      return kind.enum === undefined || kind.enum.includes(value);
    });
  }
  return TypeCompiler.Compile(schema);
}

const checks = new Map<string, TypeCheck<TSchema>>(
  Object.entries({
    welcome: Welcome,
    time: TimeAnswer,
    accepted: Accepted,
    rejected: Rejected,
    calendar: CalendarFrame,
    error: ErrorFrame,
  }).map(([type, schema]) => [type, compileCheck(schema)]),
);

/** The gate's frame in a text; undefined for what is none or of a type not known yet. */
export function decodeGateFrame(text: string): GateFrame | undefined {
  const value = parsedJson(text);
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return checks.get(String(value.type))?.Check(value) === true ? (value as GateFrame) : undefined;
}

/** The JSON value of a text; undefined when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
