/** The tables of the desk's tools; the text that makes them is in `steps/helpdesk-tools.ts`. */

export interface DeskTeamsTable {
  id: string;
  name: string;
  /** What comes to it by itself; of one kind at most one team. */
  kind: string | null;
}

export interface DeskTeamMembersTable {
  team: string;
  account: string;
}

export interface CannedAnswersTable {
  id: string;
  title: string;
  kind: string | null;
  text_it: string;
  text_en: string;
  updated_at_us: number;
}

export interface IncidentsTable {
  id: string;
  title_it: string;
  title_en: string;
  text_it: string;
  text_en: string;
  kind: string;
  started_at_us: number;
  updated_at_us: number;
  resolved_at_us: number | null;
}

export interface IncidentFollowersTable {
  incident: string;
  account: string;
  since_us: number;
}

export interface ArticlesTable {
  /** The row of its words in `article_text`. */
  n: number;
  slug: string;
  kind: string;
  title_it: string;
  title_en: string;
  body_it: string;
  body_en: string;
  is_published: number;
  updated_at_us: number;
}

/** Plain text, for finding: `rowid` is the article's `n`. */
export interface ArticleTextTable {
  rowid: number;
  title_it: string;
  body_it: string;
  title_en: string;
  body_en: string;
}

/** Work in the background: done up to `cursor`, whatever stops the portal. */
export interface DeskJobsTable {
  id: string;
  kind: string;
  account: string | null;
  detail_json: string;
  cursor: string;
  total: number;
  done: number;
  skipped: number;
  created_at_us: number;
  finished_at_us: number | null;
}

export interface HelpdeskToolsTables {
  desk_teams: DeskTeamsTable;
  desk_team_members: DeskTeamMembersTable;
  canned_answers: CannedAnswersTable;
  incidents: IncidentsTable;
  incident_followers: IncidentFollowersTable;
  articles: ArticlesTable;
  article_text: ArticleTextTable;
  desk_jobs: DeskJobsTable;
}
