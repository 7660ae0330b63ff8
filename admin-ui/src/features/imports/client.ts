/** The calls about the import of many applications, and where its files are. */
import type { ImportFindingsAnswer, ImportsAnswer, ImportView } from '#protocol/imports-api.ts';
import type { ApiClient } from '../../api/client.ts';
import type { Language } from '../../i18n/dictionary.ts';

export type SheetKind = 'xlsx' | 'csv';

const ALL = '/api/imports';
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

export const importsClient = (api: ApiClient) => ({
  list: async () => (await api.request<ImportsAnswer>(ALL)).imports,
  read: (id: string) => api.request<ImportView>(one(id)),
  findings: (id: string, after: number) =>
    api.request<ImportFindingsAnswer>(`${one(id)}/findings?after=${after}`),
  send: (model: string, file: File) => {
    const body = new FormData();
    body.append('file', file);
    const path = `${ALL}?model=${encodeURIComponent(model)}`;
    return api.request<ImportView>(path, { method: 'POST', body });
  },
  take: (id: string, makeReady: boolean) =>
    api.request<ImportView>(`${one(id)}/applications`, { method: 'POST', body: { makeReady } }),
  undo: (id: string) => api.request<ImportView>(`${one(id)}/applications`, { method: 'DELETE' }),
  remove: (id: string) => api.request<void>(one(id), { method: 'DELETE' }),
});

/** The sheet to fill in for a model. */
export function templateUrl(model: string, kind: SheetKind, language: Language): string {
  return `${ALL}/templates/${encodeURIComponent(model)}.${kind}?language=${language}`;
}

/** The report of an import, or its rows to mend. */
export function importFileUrl(
  id: string,
  content: 'report' | 'mend',
  { kind, language }: { kind: SheetKind; language: Language },
): string {
  return `${one(id)}/${content}.${kind}?language=${language}`;
}
