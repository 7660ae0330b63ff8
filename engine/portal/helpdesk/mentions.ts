/**
 * Colleagues who are mentioned in a note: the ticket stands in their queue until they say that they
 * have seen it. One line for each ticket and colleague, however often they are mentioned. Only the
 * desk's own can be mentioned, and nobody outside of it hears of it.
 */
import type { Database } from '../../store/database/index.ts';

export interface MentionStore {
  /** Who is still to look at it, in the order in which they were mentioned. */
  of(ticket: string): string[];
  add(ticket: string, accounts: readonly string[], nowUs: number): void;
  /** The account has seen it. False: it was not mentioned. */
  seen(ticket: string, account: string): boolean;
  /** How many tickets wait for the account's eyes. */
  count(account: string): number;
}

export function mentionStore({ build, all, first, run }: Database): MentionStore {
  return {
    of: (ticket) =>
      all(
        build
          .selectFrom('ticket_mentions')
          .select('account')
          .where('ticket', '=', ticket)
          .orderBy('at_us')
          .orderBy('account'),
      ).map(({ account }) => account),
    add: (ticket, accounts, nowUs) => {
      const rows = [...new Set(accounts)].map((account) => ({ account, ticket, at_us: nowUs }));
      if (rows.length === 0) return;
      const added = build.insertInto('ticket_mentions').values(rows);
      run(added.onConflict((old) => old.doUpdateSet({ at_us: nowUs })));
    },
    seen: (ticket, account) =>
      run(
        build
          .deleteFrom('ticket_mentions')
          .where('account', '=', account)
          .where('ticket', '=', ticket),
      ) > 0,
    count: (account) =>
      first(
        build
          .selectFrom('ticket_mentions')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('account', '=', account),
      )?.count ?? 0,
  };
}
