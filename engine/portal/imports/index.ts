/** The door of the imports: many applications from one spreadsheet. */
import type { ImportParts } from './job.ts';
import { createImportRunner, type ImportRunner } from './runner.ts';
import { createImportService, type ImportService } from './service.ts';
import { importStore } from './store.ts';

export { importRoutes } from './routes.ts';

export interface Imports {
  readonly service: ImportService;
  readonly runner: ImportRunner;
}

/** The imports in `database`; what a stop of the portal has left goes on. */
export function createImports(parts: ImportParts): Imports {
  importStore(parts.database).markCutOff();
  const runner = createImportRunner(parts);
  runner.wake();
  return { service: createImportService(parts, runner), runner };
}
