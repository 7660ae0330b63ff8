/**
 * What the account pages and the mini-client say to the portal about an account itself, in types:
 * passwords, address, sessions, second factor, deletion. As in portal-api.ts, members keep their
 * names and new ones may appear.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Instant, Texts } from './portal-api.ts';

const Token = Type.String({ minLength: 1, maxLength: 200 });
const Password = Type.String({ minLength: 1, maxLength: 200 });
const Email = Type.String({ minLength: 3, maxLength: 254 });
const nullableInstant = Type.Union([Instant, Type.Null()]);
/** What an authenticator app shows, or a recovery code; blanks and hyphens do not matter. */
export const SecondFactorCode = Type.String({ minLength: 1, maxLength: 40 });

export const ResetRequest = Type.Object({ email: Email });
export const Reset = Type.Object({ token: Token, password: Password });
export type Reset = Static<typeof Reset>;

/** What is worth a theft asks for the password again, and for a code when there is one. */
export const Proof = Type.Object({
  password: Password,
  totp: Type.Optional(SecondFactorCode),
});
export type Proof = Static<typeof Proof>;
export const AddressChange = Type.Object({ ...Proof.properties, email: Email });
export type AddressChange = Static<typeof AddressChange>;

/** `browser` and `system` are names like `Firefox` and `Android`; empty when not known. */
export const SessionLine = Type.Object({
  id: Type.String(),
  kind: Type.Unsafe<'cookie' | 'bearer'>({ type: 'string', enum: ['cookie', 'bearer'] }),
  browser: Type.String(),
  system: Type.String(),
  openedAt: Instant,
  /** To some ten minutes; null when it was not used since it was opened. */
  seenAt: nullableInstant,
  expiresAt: Instant,
  isThis: Type.Boolean(),
});
export type SessionLine = Static<typeof SessionLine>;
export const SessionsAnswer = Type.Object({ sessions: Type.Array(SessionLine) });
export type SessionsAnswer = Static<typeof SessionsAnswer>;
export const SessionParams = Type.Object({ id: Type.String({ pattern: '^[\\w-]{22}$' }) });

export const SecondFactorState = Type.Object({
  isOn: Type.Boolean(),
  since: nullableInstant,
  recoveryCodesLeft: Type.Integer(),
  /** The role must have one. */
  isRequired: Type.Boolean(),
});
export type SecondFactorState = Static<typeof SecondFactorState>;
/** `secret` in base 32 to be typed, `uri` (otpauth:) to be shown as a QR code. */
export const SecondFactorBegun = Type.Object({ secret: Type.String(), uri: Type.String() });
export type SecondFactorBegun = Static<typeof SecondFactorBegun>;
export const SecondFactorConfirmation = Type.Object({ totp: SecondFactorCode });
/** Shown once; the portal keeps their hashes. */
export const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) });
export type RecoveryCodes = Static<typeof RecoveryCodes>;

/** By a member of staff, for somebody who lost telephone and recovery codes. */
export const SecondFactorReset = Type.Object({
  email: Email,
  /** How the person showed who they are; goes to the audit. */
  reason: Type.String({ minLength: 10, maxLength: 500 }),
});
export type SecondFactorReset = Static<typeof SecondFactorReset>;

/** What deleting the account would do now. `dueAt` is set while a deletion is under way. */
export const DeletionPlan = Type.Object({
  dueAt: nullableInstant,
  days: Type.Integer(),
  erased: Type.Array(Texts),
  kept: Type.Array(Texts),
  /** Applications that are ready for a click day that is not over: they would be lost. */
  readyApplications: Type.Integer(),
});
export type DeletionPlan = Static<typeof DeletionPlan>;
export const DeletionRequest = Type.Object({
  ...Proof.properties,
  /** Said by who wants it although applications are ready. */
  evenReady: Type.Optional(Type.Boolean()),
});
export type DeletionRequest = Static<typeof DeletionRequest>;
