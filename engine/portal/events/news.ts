/** The news of applications as streams carry them: each read once, whoever hears of it. */
import type { Database } from '../../store/database/index.ts';
import { isReached } from '../applications/reach.ts';
import { formOf } from '../applications/service.ts';
import { applicationStore } from '../applications/store.ts';
import { applicationView } from '../applications/view.ts';
import type { Models } from '../models/index.ts';
import type { ReadNews } from './hub.ts';

/** Two statements for all of `ids`, and a text each. */
export function newsReader(database: Database, models: Models): ReadNews {
  const store = applicationStore(database);
  const { build, all } = database;
  return (ids) => {
    const rows = all(build.selectFrom('applications').selectAll().where('id', 'in', ids));
    const pages = Map.groupBy(store.pagesOf(ids), ({ application }) => application);
    const news = new Map(
      rows.map((row) => {
        const view = applicationView(row, formOf(models, row), pages.get(row.id) ?? []);
        return [row.id, { row, text: JSON.stringify(view) }];
      }),
    );
    return (id, caller) => {
      const found = news.get(id);
      if (found === undefined) return null;
      return isReached(caller, found.row) ? found.text : undefined;
    };
  };
}
