/**
 * The tools of the help desk: teams, canned answers, incidents with who follows them, articles with
 * their words, and the work that runs in the background. Comes after `helpdesk`.
 *
 * `article_text` holds the titles and bodies as plain text, written with the article.
 */
export const helpdeskTools = `
CREATE TABLE desk_teams (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT UNIQUE CHECK (kind IN ('technical', 'functional', 'legal'))
) STRICT;
CREATE TABLE desk_team_members (
  team TEXT NOT NULL REFERENCES desk_teams (id) ON DELETE CASCADE,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (team, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_team_members_by_account ON desk_team_members (account);
CREATE TABLE canned_answers (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  kind TEXT CHECK (kind IN ('technical', 'functional', 'legal')),
  text_it TEXT NOT NULL,
  text_en TEXT NOT NULL,
  updated_at_us INTEGER NOT NULL
) STRICT;
CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  title_it TEXT NOT NULL,
  title_en TEXT NOT NULL,
  text_it TEXT NOT NULL,
  text_en TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('technical', 'functional', 'legal')),
  started_at_us INTEGER NOT NULL,
  updated_at_us INTEGER NOT NULL,
  resolved_at_us INTEGER
) STRICT;
CREATE INDEX incidents_by_resolved ON incidents (resolved_at_us);
CREATE TABLE incident_followers (
  incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  since_us INTEGER NOT NULL,
  PRIMARY KEY (incident, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_followers_by_account ON incident_followers (account);
CREATE TABLE articles (
  n INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('technical', 'functional', 'legal')),
  title_it TEXT NOT NULL,
  title_en TEXT NOT NULL,
  body_it TEXT NOT NULL,
  body_en TEXT NOT NULL,
  is_published INTEGER NOT NULL,
  updated_at_us INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE article_text USING fts5 (
  title_it, body_it, title_en, body_en,
  prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE desk_jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bulk', 'incident', 'hours')),
  account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  detail_json TEXT NOT NULL,
  cursor TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  created_at_us INTEGER NOT NULL,
  finished_at_us INTEGER
) STRICT;
CREATE INDEX desk_jobs_open ON desk_jobs (id) WHERE finished_at_us IS NULL;
CREATE INDEX tickets_by_first_response ON tickets (first_response_at_us, created_at_us)
  WHERE first_response_at_us IS NOT NULL;
CREATE INDEX tickets_by_created ON tickets (created_at_us);
CREATE INDEX tickets_by_closed ON tickets (closed_at_us) WHERE closed_at_us IS NOT NULL;
`;
