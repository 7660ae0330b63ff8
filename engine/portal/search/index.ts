/** The door of the search: over all applications, of this system and of earlier years. */
import { createSearchEngine, type EngineOptions, type SearchEngine } from './engine.ts';
import { prepareSearch } from './fields.ts';
import { createSavedSearches, type SavedSearches } from './saved.ts';
import { createSearchService, type SearchParts, type SearchService } from './service.ts';

export { createSearchEngine, type SearchEngine } from './engine.ts';
export { prepareSearch, rebuildSearch } from './fields.ts';
export { searchRoutes } from './routes.ts';
export type { SearchService } from './service.ts';

export interface Search {
  readonly engine: SearchEngine;
  readonly search: SearchService;
  readonly saved: SavedSearches;
}

/** Makes the table of the search fit the models; the thread starts with the first search. */
export function createSearch(
  parts: Omit<SearchParts, 'engine'> &
    Omit<EngineOptions, 'path'> &
    Parameters<typeof createSavedSearches>[0],
): Search {
  prepareSearch(parts.database, parts.models);
  const engine = createSearchEngine({ ...parts, path: parts.database.path });
  const search = createSearchService({ ...parts, engine });
  return { engine, search, saved: createSavedSearches(parts) };
}
