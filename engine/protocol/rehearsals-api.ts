/**
 * Practice on the portal, in types: when one may practise, a line to practise with, its receipt of
 * no value, and the windows that an administrator opens.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Instant } from './portal-api.ts';

/** `resting`: it would be open, but a real click day opens soon or has just opened. */
export const RehearsalStatus = Type.Unsafe<'planned' | 'open' | 'resting' | 'closed' | 'suspended'>(
  { type: 'string', enum: ['planned', 'open', 'resting', 'closed', 'suspended'] },
);
export type RehearsalStatus = Static<typeof RehearsalStatus>;

export const RehearsalWindow = Type.Object({
  id: Type.String(),
  opensAt: Instant,
  closesAt: Instant,
  status: RehearsalStatus,
  /** There by itself; nobody can change it. */
  standing: Type.Boolean(),
});
export type RehearsalWindow = Static<typeof RehearsalWindow>;

/** What an applicant is told. Closed windows are left out. */
export const PracticeAnswer = Type.Object({
  /** False: this portal offers no practice. */
  offered: Type.Boolean(),
  isOpen: Type.Boolean(),
  /** Open: until when, null when no end is known. Not open: null. */
  until: Type.Union([Instant, Type.Null()]),
  /** Not open: from when, null when it is not known. Open: null. */
  from: Type.Union([Instant, Type.Null()]),
  windows: Type.Array(RehearsalWindow),
});
export type PracticeAnswer = Static<typeof PracticeAnswer>;

/** `window`: one of those listed; left out: the one that is open. */
export const PracticeRequest = Type.Object({
  window: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
});

/** One application to practise with, made for this account; good for one submission. */
export const PracticeLine = Type.Object({
  passbook: Type.String(),
  application: Type.String(),
  clickDay: Type.Object({ id: Type.String(), opensAt: Instant, closesAt: Instant }),
});
export type PracticeLine = Static<typeof PracticeLine>;

export const PracticeReceiptQuery = Type.Object({
  /** As the gate gave it. */
  protocol: Type.String({ minLength: 1, maxLength: 100 }),
});

export const RehearsalChange = Type.Object({
  opensAt: Instant,
  closesAt: Instant,
  suspended: Type.Optional(Type.Boolean()),
});
export type RehearsalChange = Static<typeof RehearsalChange>;

export const AdminRehearsal = Type.Composite([
  RehearsalWindow,
  Type.Object({ suspended: Type.Boolean() }),
]);
export type AdminRehearsal = Static<typeof AdminRehearsal>;

export const AdminRehearsalsAnswer = Type.Object({
  rehearsals: Type.Array(AdminRehearsal),
  /** Hours that practice rests before a real opening and after it. */
  stopsHours: Type.Number(),
  againHours: Type.Number(),
});
export type AdminRehearsalsAnswer = Static<typeof AdminRehearsalsAnswer>;
