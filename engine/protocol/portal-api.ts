/**
 * The portal's HTTP API in types. Each shape is a TypeBox schema, so the same text checks a
 * request, writes the OpenAPI document and types the UI and the mini-client.
 *
 * What it promises: a member listed here keeps its name and meaning; new members may appear, so
 * readers ignore what they do not know. Times on the wire are ISO 8601 UTC with microseconds.
 * What it does not do: name paths or limits (those are in the portal's routes and in OpenAPI).
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { QuotaId, QuotaPlaces } from './ranking/quotas.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const word = (...values: string[]) => ({ type: 'string', enum: values });

/** A ULID: 26 characters of Crockford's base 32. */
export const Identifier = Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' });
/** ISO 8601 UTC with microseconds, for example `2011-01-31T07:00:00.000123Z`. */
export const Instant = Type.String({ minLength: 20, maxLength: 27 });
export const Language = Type.Unsafe<'it' | 'en'>(word('it', 'en'));
export type Language = Static<typeof Language>;

/**
 * The language a person reads, as the menu of the web application offers it: Italian, English or
 * one that was added there (`admin-ui/src/languages`). What is not written in it is in Italian.
 */
export const ReadingLanguage = Type.String({ pattern: '^[a-z]{2,3}$' });

/** One sentence in both languages. */
export const Texts = Type.Object({ it: Type.String(), en: Type.String() });
export type Texts = Static<typeof Texts>;

/** One thing wrong with one value; `page` and `field` say where when it is in a form. */
export const FieldProblem = Type.Object({
  page: Type.Optional(Type.Integer()),
  field: Type.String(),
  code: Type.String(),
  messages: Texts,
});
export type FieldProblem = Static<typeof FieldProblem>;

/** RFC 9457 problem. `detail` is in the caller's language, `messages` carries both. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    messages: Type.Optional(Texts),
    errors: Type.Optional(Type.Array(FieldProblem)),
    retryAfterMs: Type.Optional(Type.Integer()),
  },
  { additionalProperties: true },
);
export type Problem = Static<typeof Problem>;

export const Role = Type.Unsafe<'applicant' | 'admin' | 'operator' | 'office'>(
  word('applicant', 'admin', 'operator', 'office'),
);
export type Role = Static<typeof Role>;

export const Account = Type.Object({
  id: Identifier,
  email: Type.String(),
  givenName: Type.String(),
  familyName: Type.String(),
  role: Role,
  office: Type.Optional(Type.String()),
  language: ReadingLanguage,
  mustChangePassword: Type.Boolean(),
  /** What it is in its organisation (organisations-api.ts); absent for a private person. */
  memberRole: Type.Optional(
    Type.Unsafe<'administrator' | 'sender' | 'preparer' | 'reader'>({ type: 'string' }),
  ),
  /** The role must have a second factor and this account has none yet. */
  mustSetUpSecondFactor: Type.Optional(Type.Boolean()),
});
export type Account = Static<typeof Account>;

export const Registration = Type.Object({
  email: Type.String({ minLength: 3, maxLength: 254 }),
  givenName: Type.String({ minLength: 1, maxLength: 80 }),
  familyName: Type.String({ minLength: 1, maxLength: 80 }),
  codiceFiscale: Type.String({ minLength: 1, maxLength: 32 }),
  /** These three are compared with the code when they are given, and not kept. */
  sex: Type.Optional(Type.Unsafe<'M' | 'F'>(word('M', 'F'))),
  birthDate: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  /** Belfiore code of the comune or the state. */
  birthPlace: Type.Optional(Type.String({ pattern: '^[A-Z]\\d{3}$' })),
  language: ReadingLanguage,
  privacyAccepted: Type.Boolean(),
});
export type Registration = Static<typeof Registration>;

/** Says the same whether or not the address is known. */
export const RegistrationAnswer = Type.Object({ status: Type.String(), messages: Texts });
export type RegistrationAnswer = Static<typeof RegistrationAnswer>;

export const TokenBody = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) });
export const EmailAnswer = Type.Object({ email: Type.String() });

const Password = Type.String({ minLength: 1, maxLength: 200 });
export const Credentials = Type.Object({
  email: Type.String({ minLength: 1, maxLength: 254 }),
  password: Password,
  kind: Type.Optional(Type.Unsafe<'cookie' | 'bearer'>(word('cookie', 'bearer'))),
  /** The code of a second factor; without it SECOND_FACTOR_NEEDED where there is one. */
  totp: Type.Optional(Type.String({ maxLength: 40 })),
});
export type Credentials = Static<typeof Credentials>;

/** `token` and `expiresAt` only when a bearer session was asked for. */
export const SessionAnswer = Type.Object({
  account: Account,
  token: Type.Optional(Type.String()),
  expiresAt: Type.Optional(Instant),
});
export type SessionAnswer = Static<typeof SessionAnswer>;

export const PasswordChange = Type.Object({ current: Password, next: Password });
export type PasswordChange = Static<typeof PasswordChange>;
export const Setup = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 200 }),
  password: Password,
});
export type Setup = Static<typeof Setup>;

/** One clock exchange (RFC 5905 §8): `t1Us` received, `t2Us` sent. */
export const TimeAnswer = Type.Object({
  t0: Type.Number(),
  t1Us: Type.Integer(),
  t2Us: Type.Integer(),
  uncertaintyUs: Type.Number(),
  sync: Type.Unsafe<'synchronised' | 'holdover' | 'unsynchronised'>(
    word('synchronised', 'holdover', 'unsynchronised'),
  ),
});
export type TimeAnswer = Static<typeof TimeAnswer>;

export const ClickDayStatus = Type.Unsafe<'planned' | 'open' | 'closed' | 'suspended'>(
  word('planned', 'open', 'closed', 'suspended'),
);
export type ClickDayStatus = Static<typeof ClickDayStatus>;

export const ClickDayView = Type.Object({
  id: Type.String(),
  name: Texts,
  opensAt: Instant,
  closesAt: Instant,
  status: ClickDayStatus,
  models: Type.Array(Type.String()),
});
export type ClickDayView = Static<typeof ClickDayView>;
export const ClickDaysAnswer = Type.Object({ clickDays: Type.Array(ClickDayView) });
export type ClickDaysAnswer = Static<typeof ClickDaysAnswer>;

/**
 * Which applications a click day takes: an application belongs to it when one rule fits.
 * An absent member fits everything. `nationalities` are state codes of the models' code table.
 */
export const ClickDayRule = Type.Object({
  models: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 100 })),
  nationalities: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 400 })),
  exceptNationalities: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 400 })),
  special: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 })),
  /** Its models share the places of the quota with this name (ranking/quotas.ts). */
  quota: Type.Optional(QuotaId),
  /** How many places the quota has. */
  places: Type.Optional(QuotaPlaces),
});
export type ClickDayRule = Static<typeof ClickDayRule>;
const Rules = Type.Array(ClickDayRule, { maxItems: 50 });

export const ClickDayChange = Type.Object({
  name: Type.Object({
    it: Type.String({ minLength: 1, maxLength: 200 }),
    en: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  opensAt: Instant,
  closesAt: Instant,
  suspended: Type.Optional(Type.Boolean()),
  rules: Type.Optional(Rules),
});
export type ClickDayChange = Static<typeof ClickDayChange>;
export const ClickDayCreation = Type.Intersect([
  Type.Object({ id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,39}$' }) }),
  ClickDayChange,
]);
export type ClickDayCreation = Static<typeof ClickDayCreation>;
export const AdminClickDay = Type.Object({
  ...ClickDayView.properties,
  suspended: Type.Boolean(),
  rules: Rules,
});
export type AdminClickDay = Static<typeof AdminClickDay>;
export const AdminClickDaysAnswer = Type.Object({ clickDays: Type.Array(AdminClickDay) });

export const GatesAnswer = Type.Object({ gates: Type.Array(Type.String()) });
export type GatesAnswer = Static<typeof GatesAnswer>;

export const ModelSummary = Type.Object({
  code: Type.String(),
  version: Type.Integer(),
  title: Texts,
  summary: Texts,
  pageCount: Type.Integer(),
  /** Whether a copy can be made for another person. */
  copiesPerson: Type.Boolean(),
});
export type ModelSummary = Static<typeof ModelSummary>;
/** A question that leads to a model; an answer has either `model` or `next`. */
export interface ModelChoice {
  readonly question: Texts;
  readonly hint?: Texts;
  readonly answers: readonly {
    readonly text: Texts;
    readonly model?: string;
    readonly next?: ModelChoice;
  }[];
}

/** An official word of the call, explained in a line. */
export const CallTerm = Type.Object({ term: Texts, meaning: Texts });
export type CallTerm = Static<typeof CallTerm>;

/** `words` are those of the call where the general ones would say too little. */
export const ModelsAnswer = Type.Object({
  models: Type.Array(ModelSummary),
  call: Texts,
  words: Type.Record(Type.String(), Texts),
  terms: Type.Array(CallTerm),
  choice: nullable(Type.Unsafe<ModelChoice>({ type: 'object', additionalProperties: true })),
});
export type ModelsAnswer = Static<typeof ModelsAnswer>;

/** What each office of the call is called, by its code. */
export const OfficesAnswer = Type.Object({ offices: Type.Record(Type.String(), Texts) });
export type OfficesAnswer = Static<typeof OfficesAnswer>;

export const ApplicationStatus = Type.Unsafe<'draft' | 'ready' | 'submitted' | 'receipt'>(
  word('draft', 'ready', 'submitted', 'receipt'),
);
export type ApplicationStatus = Static<typeof ApplicationStatus>;

/**
 * One entry of the public log: the nine members of its leaf, and what follows from them. It carries
 * no personal data. `leafHash` is base64url, as receipts print it. `place` is null until the order
 * over all gates is final; `duplicateOf` is the place of the application's earlier entry, which is
 * the one that counts.
 */
export const PublishedEntry = Type.Object({
  protocol: Type.String(),
  application: Identifier,
  clickDay: Type.String(),
  digest: Type.String(),
  gate: Type.String(),
  model: Type.String(),
  office: Type.String(),
  seq: Type.Integer(),
  stamp: Instant,
  uncertaintyUs: Type.Number(),
  leafHash: Type.String(),
  place: nullable(Type.Integer()),
  duplicateOf: nullable(Type.Integer()),
});
export type PublishedEntry = Static<typeof PublishedEntry>;

/**
 * What a checker of receipts has to know of this system: who seals them and who signs the logs
 * that they name. A revoked key is worth nothing, whatever it signed and when; a retired log key
 * stays among `keys`, for what it has signed. Trust in all this comes from where it was read.
 */
export const VerificationKeys = Type.Object({
  seals: Type.Array(
    Type.Object({
      /** The DER of the X.509 certificate, base64. */
      certificate: Type.String(),
      subject: Type.String(),
      test: Type.Boolean(),
      revokedAt: Type.Optional(Instant),
    }),
  ),
  logs: Type.Array(
    Type.Object({
      gate: Type.String(),
      origin: Type.String(),
      /** Verifier keys, `name+id+key` (C2SP signed-note). */
      keys: Type.Array(Type.String()),
      revoked: Type.Array(Type.Object({ key: Type.String(), revokedAt: Instant })),
    }),
  ),
});
export type VerificationKeys = Static<typeof VerificationKeys>;

/** `place` is null until the order over all gates is final. */
export const SubmissionView = Type.Object({
  protocol: Type.String(),
  stamp: Instant,
  uncertaintyUs: Type.Number(),
  place: nullable(Type.Integer()),
});
export type SubmissionView = Static<typeof SubmissionView>;

export const PageState = Type.Object({
  number: Type.Integer(),
  complete: Type.Boolean(),
  savedAt: nullable(Instant),
});
export type PageState = Static<typeof PageState>;

export const Application = Type.Object({
  id: Identifier,
  model: Type.String(),
  modelVersion: Type.Integer(),
  status: ApplicationStatus,
  /** What a person reads in a list: the worker's name, or the model's title while unknown. */
  title: Type.String(),
  /** Who began it, of an organisation's application. */
  preparedBy: Type.Optional(Type.String()),
  clickDay: nullable(Type.String()),
  office: nullable(Type.String()),
  officeCriterion: nullable(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
  readyAt: nullable(Instant),
  submission: nullable(SubmissionView),
  receiptAt: nullable(Instant),
  pages: Type.Array(PageState),
});
export type Application = Static<typeof Application>;

export const ApplicationsAnswer = Type.Object({
  applications: Type.Array(Application),
  next: nullable(Type.String()),
  total: Type.Integer(),
});
export type ApplicationsAnswer = Static<typeof ApplicationsAnswer>;
export const ApplicationCreation = Type.Object({ model: Type.String({ maxLength: 20 }) });

/** Values of one page by field name, as the form's definition names them; absent is missing. */
const FieldValue = Type.Union([Type.String({ maxLength: 4000 }), Type.Number(), Type.Boolean()]);
export const PageValues = Type.Record(Type.String({ maxLength: 80 }), FieldValue, {
  maxProperties: 200,
});
export type PageValues = Static<typeof PageValues>;
/** What the values may be is the form's to check, field by field. */
export const PageSaving = Type.Object({
  values: Type.Unsafe<PageValues>({ type: 'object' }),
  version: Type.Integer({ minimum: 0 }),
});
export type PageSaving = Static<typeof PageSaving>;
/** `version` starts at 0 for a page never saved and grows by one with each saving. */
export const PageAnswer = Type.Object({
  values: PageValues,
  version: Type.Integer(),
  savedAt: nullable(Instant),
  errors: Type.Array(FieldProblem),
});
export type PageAnswer = Static<typeof PageAnswer>;

/** Compact JWS strings, at most 500 applications each. */
export const PassbooksAnswer = Type.Array(Type.String());
export type PassbooksAnswer = Static<typeof PassbooksAnswer>;

export const MailStatus = Type.Unsafe<'queued' | 'sent' | 'failed'>(
  word('queued', 'sent', 'failed'),
);
export const MailSummary = Type.Object({
  id: Identifier,
  to: Type.String(),
  subject: Type.String(),
  createdAt: Instant,
  status: MailStatus,
});
export type MailSummary = Static<typeof MailSummary>;
export const OutboxAnswer = Type.Object({
  mails: Type.Array(MailSummary),
  next: nullable(Type.String()),
});
export type OutboxAnswer = Static<typeof OutboxAnswer>;
export const MailView = Type.Object({
  id: Identifier,
  to: Type.String(),
  subject: Type.String(),
  createdAt: Instant,
  status: MailStatus,
  text: Type.String(),
  attempts: Type.Integer(),
  /** What the mail server said of the last attempt. */
  error: nullable(Type.String()),
  nextAttemptAt: nullable(Instant),
});
export type MailView = Static<typeof MailView>;

/** The control room at a glance; counts are of now. */
export const AdminStatus = Type.Object({
  register: Type.Object({
    entries: Type.Integer(),
    lastPlace: nullable(Type.Integer()),
    /** Why the registrar does not go on; null when it does. */
    trouble: Type.Optional(nullable(Type.String())),
    /** Places of the register, or their receipts, that were found damaged. */
    damaged: Type.Optional(Type.Integer()),
    /** When all of it was last read again, ISO 8601; null before the first time. */
    reReadAt: Type.Optional(nullable(Type.String())),
  }),
  receipts: Type.Object({
    made: Type.Integer(),
    pending: Type.Integer(),
    failed: Type.Array(Type.Unknown()),
    /** Gates whose receipts wait because their log gives no proof, and why (a code). */
    unproven: Type.Optional(
      Type.Array(Type.Object({ gate: Type.String(), reason: Type.String() })),
    ),
  }),
  accounts: Type.Integer(),
  applications: Type.Object({
    draft: Type.Integer(),
    ready: Type.Integer(),
    submitted: Type.Integer(),
  }),
  mail: Type.Object({ queued: Type.Integer(), sent: Type.Integer(), failed: Type.Integer() }),
  gates: Type.Array(Type.Object({ id: Type.String(), health: Type.Unknown() })),
});
export type AdminStatus = Static<typeof AdminStatus>;
