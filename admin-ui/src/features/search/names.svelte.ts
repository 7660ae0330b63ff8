/** What codes are called: offices, nationalities, click days. The code until the name is there. */
import { type CodeTable, readTable } from '#protocol/forms/index.ts';
import type { App } from '../../app-context.ts';
import type { ColumnId } from './columns.ts';

export class Names {
  #countries = $state.raw<CodeTable | null>(null);
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async load(): Promise<void> {
    void this.#app.offices.load();
    try {
      this.#countries = readTable(await this.#app.api.table('countries'));
    } catch {
      this.#countries = null; // another call may have no such table: codes are shown
    }
  }

  of = (kind: ColumnId | string, code: string): string => {
    const { language } = this.#app.locale;
    if (kind === 'office') return this.#app.offices.nameOf(code, language);
    if (kind === 'nationality') return this.#countries?.row(code)?.name[language] ?? code;
    if (kind === 'clickDay') return this.#app.calendar.find(code)?.name[language] ?? code;
    return code;
  };
}
