/** What the page may ask the program to do: each call's body is checked here, once. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { Failure } from '../commands/failure.ts';
import { compileCheck } from '../core/index.ts';
import type { Answer, Call } from './http.ts';
import type { PageProgram } from './program.ts';

const ID_LENGTH_MAX = 100;
const APPLICATIONS_MAX = 10_000;
const WORDS_LENGTH_MAX = 300;

const Id = Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX });
/** Of an account; empty: the directory itself. */
const Name = Type.String({ maxLength: ID_LENGTH_MAX });
const Words = Type.String({ maxLength: WORDS_LENGTH_MAX });
const Ids = Type.Array(Id, { maxItems: APPLICATIONS_MAX });
const OfDay = Type.Object({ clickDay: Id });
const Nothing = Type.Object({});

const DONE: Answer = { status: 200 };

export function callsOf(program: PageProgram): Readonly<Record<string, Call>> {
  const { account, checking } = program;
  return {
    'GET /api/time': (_body, query) => {
      const answer = program.time.answer(Number(query.get('t0')));
      return answer === undefined ? { status: 204 } : { status: 200, body: answer };
    },
    'POST /api/login': tried(
      Type.Object({ portal: Words, email: Words, password: Words, totp: Words }),
      (words) => account.logIn(words),
    ),
    'POST /api/device': tried(Type.Object({ portal: Words }), ({ portal }) =>
      account.askCode(portal),
    ),
    'POST /api/device-cancel': done(Nothing, () => account.cancelCode()),
    'POST /api/logout': done(Type.Object({ account: Name }), (body) =>
      program.logOut(body.account),
    ),
    'POST /api/list': tried(Nothing, () => program.refresh()),
    'POST /api/check': done(Nothing, () => checking.run()),
    'POST /api/self-test': done(Nothing, () => checking.runSelfTest()),
    'POST /api/day': done(OfDay, ({ clickDay }) => program.choose(clickDay)),
    'POST /api/choice': done(
      Type.Object({ clickDay: Id, order: Ids, left: Ids }),
      ({ clickDay, order, left }) => program.keepChoice(clickDay, { order, left }),
    ),
    'POST /api/ready': tried(OfDay, ({ clickDay }) => program.ready(clickDay)),
    'POST /api/back': done(Nothing, () => program.back()),
    'POST /api/language': done(
      Type.Object({ language: Type.Union([Type.Literal('it'), Type.Literal('en')]) }),
      ({ language }) => program.speak(language),
    ),
    'POST /api/receipt': checked(Type.Object({ application: Id }), ({ application }) =>
      addressed(program.receiptAddress(application)),
    ),
    'POST /api/summary': checked(
      Type.Object({ format: Type.Union([Type.Literal('csv'), Type.Literal('pdf')]) }),
      async ({ format }) => addressed(await program.summaryAddress(format)),
    ),
    'POST /api/stop': done(Nothing, () => program.stop()),
  };
}

function checked<T extends TSchema>(
  schema: T,
  work: (body: Static<T>) => Answer | Promise<Answer>,
): Call {
  const check = compileCheck(schema);
  return (body) => (check.Check(body) ? work(body) : { status: 400, body: { code: 'BODY_WRONG' } });
}

/** Where the browser opens a file; undefined: there is none. */
function addressed(address: string | undefined): Answer {
  return address === undefined
    ? { status: 404, body: { code: 'NOT_FOUND' } }
    : { status: 200, body: { address } };
}

/** A call that cannot be refused. */
function done<T extends TSchema>(schema: T, work: (body: Static<T>) => unknown): Call {
  return checked(schema, async (body) => {
    await work(body);
    return DONE;
  });
}

/** A call that may fail for a reason that a person can do something about. */
function tried<T extends TSchema>(
  schema: T,
  work: (body: Static<T>) => Promise<Failure | undefined>,
): Call {
  return checked(schema, async (body) => {
    const failure = await work(body);
    if (failure === undefined) return DONE;
    const { code, message } = failure;
    return { status: 409, body: { code, message } };
  });
}
