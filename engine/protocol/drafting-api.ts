/** The way of an application with its times, its likes, and copying it: the portal's API. */
import { type Static, Type } from '@sinclair/typebox';
import { Identifier, Instant } from './portal-api.ts';

const word = (...values: string[]) => ({ type: 'string', enum: values });
const nullable = Type.Union([Instant, Type.Null()]);

/** The steps in their order. Only what happened has a time. */
export const WAY = [
  'to-complete',
  'to-validate',
  'ready',
  'submitted',
  'receipt',
  'forwarded',
  'outcome',
] as const;
export type WayStep = (typeof WAY)[number];

/**
 * `at`: when the step was reached; null while it was not, also after it was left again. `detail`
 * carries what the one who wrote it said: the `office`, or an `OutcomeWish`.
 */
export const Way = Type.Object({
  steps: Type.Array(
    Type.Object({
      step: Type.Unsafe<WayStep>(word(...WAY)),
      at: nullable,
      detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  /** The step the application is at. */
  present: Type.Unsafe<WayStep>(word(...WAY)),
  /** True when a passbook with an earlier or the present version was handed out. */
  isIssued: Type.Boolean(),
  /** What happened, the newest first; at most 100. */
  events: Type.Array(Type.Object({ kind: Type.String(), at: Instant })),
});
export type Way = Static<typeof Way>;

/** What an office has decided. `note`: in its own words, to whoever applied. */
export const OutcomeWish = Type.Object({
  outcome: Type.Unsafe<'granted' | 'refused'>(word('granted', 'refused')),
  note: Type.Optional(Type.String({ maxLength: 500 })),
});
export type OutcomeWish = Static<typeof OutcomeWish>;

/** An application that concerns the same worker and employer as another. */
export const Alike = Type.Object({
  id: Identifier,
  title: Type.String(),
  model: Type.String(),
  status: Type.String(),
  updatedAt: Instant,
});
export type Alike = Static<typeof Alike>;

export const AlikeAnswer = Type.Object({ alike: Type.Array(Alike) });
/** Groups of applications that concern the same, of those the caller reaches; at most 100. */
export const AlikeGroupsAnswer = Type.Object({ groups: Type.Array(Type.Array(Alike)) });
export type AlikeGroupsAnswer = Static<typeof AlikeGroupsAnswer>;

/** `all`: every answer but those that hold once; `person`: those of another person are left out. */
export const CopyWish = Type.Object({
  what: Type.Unsafe<'all' | 'other-person'>(word('all', 'other-person')),
});
export type CopyWish = Static<typeof CopyWish>;
