/**
 * What happened to an application, beyond what its own row and its versions say: who copied it,
 * when it was complete, who made it ready or took it back, and what the office did with it.
 *
 * `forwarded` is written with the receipt (applications/submissions.ts), `outcome` by the office.
 */
import type { Random } from '../../foundation/random.ts';
import type { ApplicationEventsTable, Database } from '../../store/database/index.ts';

export type EventKind =
  | 'copied'
  | 'completed'
  | 'incomplete'
  | 'ready'
  | 'reopened'
  | 'forwarded'
  | 'outcome';

export interface ApplicationEvent {
  readonly application: string;
  readonly kind: EventKind;
  readonly atUs: number;
  /** Who did it; null: the system. */
  readonly account: string | null;
  readonly detail?: Readonly<Record<string, string | number>>;
}

export interface ApplicationEvents {
  /** In one statement. */
  add(...events: readonly ApplicationEvent[]): void;
  /** The newest ones, the newest first. */
  of(application: string, limit: number): ApplicationEventsTable[];
  /** The newest of these kinds. */
  last(application: string, kinds: readonly EventKind[]): ApplicationEventsTable | undefined;
}

/** The events in `database`. */
export function applicationEvents(
  database: Database,
  random: Pick<Random, 'id'>,
): ApplicationEvents {
  const { build, all, first, run } = database;
  const newest = (application: string) =>
    build
      .selectFrom('application_events')
      .selectAll()
      .where('application', '=', application)
      .orderBy('at_us', 'desc')
      .orderBy('id', 'desc');
  return {
    add: (...added) => {
      if (added.length === 0) return;
      const rows = added.map(({ application, kind, atUs, account, detail = {} }) => {
        const row = { id: random.id(), application, kind, at_us: atUs, account };
        return { ...row, detail_json: JSON.stringify(detail) };
      });
      run(build.insertInto('application_events').values(rows));
    },
    of: (application, limit) => all(newest(application).limit(limit)),
    last: (application, kinds) => first(newest(application).where('kind', 'in', kinds).limit(1)),
  };
}
