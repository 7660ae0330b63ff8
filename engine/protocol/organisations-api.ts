/**
 * The HTTP API of organisations in types: what an organisation and its members are, what is asked
 * of an operator, and how it is decided. Read as `portal-api.ts` is read.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Identifier, Instant } from './portal-api.ts';

const word = (...values: string[]) => ({ type: 'string', enum: values });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** How many accounts one request may ask for. */
export const ACCOUNTS_A_REQUEST_MAX = 50;
/** How many accounts an organisation may have. */
export const MEMBERS_MAX = 500;

const KINDS = ['association', 'patronato', 'consultant', 'company', 'public-office'] as const;
export type OrganisationKind = (typeof KINDS)[number];
export const OrganisationKind = Type.Unsafe<OrganisationKind>(word(...KINDS));

const ROLES = ['administrator', 'sender', 'preparer', 'reader'] as const;
export type MemberRole = (typeof ROLES)[number];
/** Read; and prepare; and send; and manage the members. */
export const MemberRole = Type.Unsafe<MemberRole>(word(...ROLES));

const Note = Type.String({ maxLength: 500 });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Email = Type.String({ minLength: 3, maxLength: 254 });

/** `taxCode`: codice fiscale or partita IVA. */
export const FoundingWish = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 160 }),
  kind: OrganisationKind,
  taxCode: Type.String({ minLength: 1, maxLength: 32 }),
});
export type FoundingWish = Static<typeof FoundingWish>;
export const Founding = Type.Object({ ...FoundingWish.properties, note: Type.Optional(Note) });
export type Founding = Static<typeof Founding>;

/** Somebody an account is for. */
export const WishedPerson = Type.Object({
  email: Email,
  givenName: Name,
  familyName: Name,
  role: Type.Optional(MemberRole),
});
export type WishedPerson = Static<typeof WishedPerson>;

/**
 * More accounts, made after the account `base`. Those for whom `people` names nobody are called
 * after it (`base+2@…`), and their links go to its mailbox.
 */
export const AccountsRequest = Type.Object({
  base: Identifier,
  count: Type.Integer({ minimum: 1, maximum: ACCOUNTS_A_REQUEST_MAX }),
  role: MemberRole,
  people: Type.Optional(Type.Array(WishedPerson, { maxItems: ACCOUNTS_A_REQUEST_MAX })),
  note: Type.Optional(Note),
});
export type AccountsRequest = Static<typeof AccountsRequest>;

/** An account that is wished for; null where it follows the base account. */
export const WishedAccount = Type.Object({
  role: MemberRole,
  email: orNull(Type.String()),
  givenName: orNull(Type.String()),
  familyName: orNull(Type.String()),
});
export type WishedAccount = Static<typeof WishedAccount>;

export const RequestStatus = Type.Unsafe<'waiting' | 'granted' | 'refused'>(
  word('waiting', 'granted', 'refused'),
);
export type RequestStatus = Static<typeof RequestStatus>;

export const RequestView = Type.Object({
  id: Identifier,
  kind: Type.Unsafe<'organisation' | 'accounts'>(word('organisation', 'accounts')),
  status: RequestStatus,
  organisation: FoundingWish,
  /** Who asked; null when the account is gone. */
  requestedBy: orNull(Type.Object({ email: Type.String(), name: Type.String() })),
  /** Address of the base account; null for a new organisation, and when the account is gone. */
  base: orNull(Type.String()),
  accounts: Type.Array(WishedAccount),
  /** How many accounts the organisation has already. */
  members: Type.Integer(),
  note: Type.String(),
  reason: orNull(Type.String()),
  createdAt: Instant,
  decidedAt: orNull(Instant),
});
export type RequestView = Static<typeof RequestView>;
/** Newest first for an organisation, oldest first in the operators' queue. */
export const RequestsAnswer = Type.Object({
  requests: Type.Array(RequestView),
  next: orNull(Type.String()),
});
export type RequestsAnswer = Static<typeof RequestsAnswer>;
export const RefusalReason = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) });

export const OrganisationView = Type.Object({
  id: Identifier,
  ...FoundingWish.properties,
  /** The caller's. */
  role: MemberRole,
  createdAt: Instant,
});
export type OrganisationView = Static<typeof OrganisationView>;
/** An organisation asks the caller to join with their account. */
export const InvitationView = Type.Object({
  id: Identifier,
  organisation: Type.String(),
  role: MemberRole,
  expiresAt: Instant,
});
export type InvitationView = Static<typeof InvitationView>;
/** `founding`: the caller's last request for an organisation, while they belong to none. */
export const OrganisationAnswer = Type.Object({
  organisation: orNull(OrganisationView),
  founding: orNull(RequestView),
  invitations: Type.Array(InvitationView),
});
export type OrganisationAnswer = Static<typeof OrganisationAnswer>;

export const MemberView = Type.Object({
  id: Identifier,
  email: Type.String(),
  givenName: Type.String(),
  familyName: Type.String(),
  role: MemberRole,
  /** `invited`: has not opened its link yet. */
  state: Type.Unsafe<'active' | 'invited' | 'deactivated'>(
    word('active', 'invited', 'deactivated'),
  ),
  /** Registered by the person: it can be removed, not deactivated. */
  isTheirOwn: Type.Boolean(),
});
export type MemberView = Static<typeof MemberView>;
export const MembersAnswer = Type.Object({ members: Type.Array(MemberView) });
export type MembersAnswer = Static<typeof MembersAnswer>;

/** What is absent stays. */
export const MemberChange = Type.Object(
  { role: Type.Optional(MemberRole), active: Type.Optional(Type.Boolean()) },
  { minProperties: 1 },
);
export type MemberChange = Static<typeof MemberChange>;
/** `role`: what the caller is afterwards. */
export const HandOver = Type.Object({ role: MemberRole });
