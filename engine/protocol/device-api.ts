/**
 * Device codes: how a program without a browser gets a session that a person approves in theirs.
 * The shape of RFC 8628 in this API's words:
 *
 *     program                         portal                         person's browser
 *        │ POST /api/device-codes ──────►│                                  │
 *        │◄── deviceCode, userCode ──────│                                  │
 *        │  shows userCode and the page ···································►│ types it
 *        │ POST …/session (polling) ────►│◄──── POST …/find, …/decision ────│ approves
 *        │◄── DEVICE_PENDING … a token ──│                                  │
 *
 * There is no link with the code in it: who is sent such a link approves with one click what
 * somebody else began (RFC 8628 §5.4).
 */
import { type Static, Type } from '@sinclair/typebox';
import { Instant } from './portal-api.ts';

/** What asks, in its own words: shown as such, never believed. */
export const DeviceRequest = Type.Object({
  program: Type.String({ minLength: 1, maxLength: 60 }),
  computer: Type.String({ minLength: 1, maxLength: 80 }),
});
export type DeviceRequest = Static<typeof DeviceRequest>;

export const DeviceCodes = Type.Object({
  /** The program's secret; whoever has it gets the session. */
  deviceCode: Type.String(),
  /** Eight letters without vowels, `BDWP-HQPK`. */
  userCode: Type.String(),
  verificationUri: Type.String(),
  /** Seconds that the codes live: no clock of the program's own is needed. */
  expiresIn: Type.Integer(),
  /** Seconds between two questions. */
  interval: Type.Integer(),
});
export type DeviceCodes = Static<typeof DeviceCodes>;

export const DeviceCode = Type.Object({
  deviceCode: Type.String({ minLength: 1, maxLength: 100 }),
});

/** Small letters, spaces and a missing hyphen do not matter. */
const UserCode = Type.String({ minLength: 1, maxLength: 40 });
export const DeviceUserCode = Type.Object({ userCode: UserCode });

/** What a person sees before deciding. */
export const DeviceView = Type.Object({
  program: Type.String(),
  computer: Type.String(),
  /** The address the request came from, as the portal saw it. */
  address: Type.String(),
  /** Whether that is the address of the person's browser too. */
  isSameAddress: Type.Boolean(),
  requestedAt: Instant,
  expiresAt: Instant,
});
export type DeviceView = Static<typeof DeviceView>;

export const DeviceDecision = Type.Object({ userCode: UserCode, approve: Type.Boolean() });
export type DeviceDecision = Static<typeof DeviceDecision>;
