/**
 * What the desk's identifiers are called: teams, operators, incidents; and its tags. Asked
 * once a page. A ticket can be read and answered without them, so that trouble here is not the
 * page's trouble: what has no name yet is not offered.
 */
import type { Person } from '#protocol/desk-api.ts';
import type { Team } from '#protocol/desk-tools-api.ts';
import type { App } from '../../app-context.ts';
import { type DeskIncident, toolsClient } from './tools-client.ts';

export class DeskNames {
  teams = $state.raw<readonly Team[]>([]);
  operators = $state.raw<readonly Person[]>([]);
  incidents = $state.raw<readonly DeskIncident[]>([]);
  /** In use, for choosing. */
  tags = $state.raw<readonly string[]>([]);
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async load(): Promise<void> {
    const tools = toolsClient(this.#app.api);
    const asked = [tools.teams(), tools.incidents(), tools.tags()] as const;
    const [teams, incidents, tags] = await Promise.allSettled(asked);
    if (teams.status === 'fulfilled') {
      this.teams = teams.value.teams;
      this.operators = teams.value.operators;
    }
    if (incidents.status === 'fulfilled') this.incidents = incidents.value;
    if (tags.status === 'fulfilled') this.tags = tags.value;
  }

  team = (id: string): string => this.teams.find((each) => each.id === id)?.name ?? '';
  operator = (id: string): string => this.operators.find((each) => each.id === id)?.name ?? '';
  incident = (id: string): string =>
    this.incidents.find((each) => each.id === id)?.title[this.#app.locale.language] ?? '';
}
