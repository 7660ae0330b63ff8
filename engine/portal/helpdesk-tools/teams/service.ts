/**
 * Teams: who works together, and which kind of ticket comes to them by itself. A kind has at most
 * one team. Written by administrators alone, since it says who is asked for what.
 */
import type { Person } from '#protocol/desk-api.ts';
import type { Team, TeamDraft } from '#protocol/desk-tools-api.ts';
import type { TicketKind } from '#protocol/helpdesk-api.ts';
import type { DeskTeamsTable } from '../../../store/database/index.ts';
import { nameOf } from '../../helpdesk/people.ts';
import { fieldProblem, Refusal } from '../../http/refusal.ts';
import type { ToolParts } from '../parts.ts';

const TEAMS_MAX = 100;

export interface Teams {
  /** All, by name. */
  list(): Team[];
  /** Whoever may be in a team or be given a ticket. */
  operators(): Person[];
  create(by: string, draft: TeamDraft): Team;
  change(by: string, id: string, draft: TeamDraft): Team;
  /** Refuses TEAM_HAS_TICKETS while an open one is the team's. */
  remove(by: string, id: string): void;
  /** To which team a new ticket of this kind comes; null for none. */
  forKind(kind: string): string | null;
  exists(id: string): boolean;
}

/** The teams in `database`. */
export function createTeams(parts: ToolParts): Teams {
  const { database, random, audit } = parts;
  const { build } = database;
  const rows = () => build.selectFrom('desk_teams').selectAll();
  const known = (id: string) => {
    const row = database.first(rows().where('id', '=', id));
    if (row === undefined) throw new Refusal('NOT_FOUND');
    return row;
  };
  const store = memberStore(parts);
  const teamOf = (row: DeskTeamsTable): Team => ({
    id: row.id,
    name: row.name,
    kind: row.kind as TicketKind | null,
    members: store.of(row.id),
  });
  const check = (draft: TeamDraft, own: string | null) => {
    const others = database.all(rows()).filter(({ id }) => id !== own);
    if (others.some(({ name }) => sameName(name, draft.name))) refuse('TEAM_NAME_TAKEN');
    if (draft.kind !== null && others.some(({ kind }) => kind === draft.kind)) {
      refuse('TEAM_KIND_TAKEN');
    }
    if (own === null && others.length >= TEAMS_MAX) refuse('DESK_LIST_FULL');
    const operators = new Set(store.operators().map(({ id }) => id));
    if (!draft.members.every((id) => operators.has(id))) {
      const errors = [fieldProblem('members', 'TEAM_MEMBER_UNKNOWN')];
      throw new Refusal('TEAM_MEMBER_UNKNOWN', { errors });
    }
  };
  return {
    list: () => database.all(rows().orderBy('name').orderBy('id')).map(teamOf),
    operators: store.operators,
    create: (by, draft) =>
      database.transaction(() => {
        check(draft, null);
        const row = { id: random.id(), name: draft.name.trim(), kind: draft.kind };
        database.run(build.insertInto('desk_teams').values(row));
        store.put(row.id, draft.members);
        audit({ account: by, action: 'team.create', subject: row.id, detail: draft });
        return teamOf(row);
      }),
    change: (by, id, draft) =>
      database.transaction(() => {
        const before = teamOf(known(id));
        check(draft, id);
        const columns = { name: draft.name.trim(), kind: draft.kind };
        database.run(build.updateTable('desk_teams').set(columns).where('id', '=', id));
        store.put(id, draft.members);
        audit({
          account: by,
          action: 'team.change',
          subject: id,
          detail: { before, change: draft },
        });
        return teamOf({ id, ...columns });
      }),
    remove: (by, id) =>
      database.transaction(() => {
        const detail = teamOf(known(id));
        if (hasOpenTickets(parts, id)) refuse('TEAM_HAS_TICKETS');
        database.run(build.deleteFrom('desk_teams').where('id', '=', id));
        audit({ account: by, action: 'team.remove', subject: id, detail });
      }),
    forKind: (kind) => database.first(rows().where('kind', '=', kind))?.id ?? null,
    exists: (id) => database.first(rows().where('id', '=', id)) !== undefined,
  };
}

function refuse(
  code: 'TEAM_NAME_TAKEN' | 'TEAM_KIND_TAKEN' | 'DESK_LIST_FULL' | 'TEAM_HAS_TICKETS',
) {
  throw new Refusal(code);
}

const sameName = (one: string, other: string) =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

function hasOpenTickets({ database }: ToolParts, team: string): boolean {
  const open = database.build
    .selectFrom('tickets')
    .select('id')
    .where('side', 'in', ['desk', 'user'])
    .where('team', '=', team);
  return database.first(open.limit(1)) !== undefined;
}

function memberStore({ database }: ToolParts) {
  const { build } = database;
  const people = () =>
    build
      .selectFrom('accounts')
      .select(['accounts.id', 'given_name', 'family_name', 'email'])
      .where('role', 'in', ['operator', 'admin'])
      .where('deactivated_at_us', 'is', null)
      .orderBy('family_name')
      .orderBy('given_name')
      .orderBy('accounts.id');
  const personOf = (row: Parameters<typeof nameOf>[0] & { id: string }): Person => ({
    id: row.id,
    name: nameOf(row),
  });
  return {
    operators: () => database.all(people()).map(personOf),
    of: (team: string) =>
      database
        .all(
          people()
            .innerJoin('desk_team_members as m', 'm.account', 'accounts.id')
            .where('m.team', '=', team),
        )
        .map(personOf),
    put: (team: string, members: readonly string[]) => {
      database.run(build.deleteFrom('desk_team_members').where('team', '=', team));
      for (const account of new Set(members)) {
        database.run(build.insertInto('desk_team_members').values({ team, account }));
      }
    },
  };
}
