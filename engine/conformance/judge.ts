/** Words in which checks say what they expect; each throws `Deviation` when it is otherwise. */
import { type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Deviation, type Frame } from './session.ts';

export function expect(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Deviation(otherwise);
}

export function expectEqual(what: string, found: unknown, wanted: unknown): void {
  expect(found === wanted, `${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

/** The value has the shape; unknown members are allowed. */
export function expectShape<T extends TSchema>(what: string, schema: T, value: unknown): void {
  const error = Value.Errors(schema, value).First();
  expect(error === undefined, `${what}: ${error?.path} ${error?.message ?? ''}`);
}

/** A frame's members without its type, as HTTP has them. */
export const withoutType = <T extends ReturnType<typeof Type.Object>>(schema: T) =>
  Type.Omit(schema, ['type']);

export const isOf =
  (type: string) =>
  (frame: Frame): boolean =>
    frame.type === type;

/** An outcome of this application. */
export const isOutcomeOf =
  (application: string) =>
  (frame: Frame): boolean =>
    (frame.type === 'accepted' || frame.type === 'rejected') && frame.application === application;
