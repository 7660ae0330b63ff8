/**
 * Fills a whole page of a form in the browser at once, through the same events that typing and
 * clicking cause. For walks over every model in both languages, where real key strokes (which
 * `form-filler.ts` sends) would take minutes. Questions that appear because of an answer are
 * answered as they appear; one that never appears is an error.
 */
import type { Page } from 'playwright-core';
import type { Models } from '#engine/portal/models/index.ts';
import {
  type FieldSchema,
  type FormPage,
  type FormValues,
  fieldNames,
} from '#protocol/forms/index.ts';

export type Language = 'it' | 'en';

/** One thing to do: `kind` is the control's, `text` what is typed, `id` the element's. */
interface Act {
  readonly id: string;
  readonly kind: 'type' | 'select' | 'click' | 'combobox';
  readonly text: string;
}

/** Answers every question of the page that the sample answers. */
export async function fillWholePage(
  page: Page,
  wish: { models: Models; form: FormPage; values: FormValues; language: Language },
): Promise<void> {
  const { models, form, values, language } = wish;
  const acts = fieldNames(form).flatMap((name) => {
    const schema = form.schema.properties[name];
    const value = values[name];
    return schema === undefined || value === undefined
      ? []
      : [actFor(models, { name, schema, value, language })];
  });
  const missing = await page.evaluate(`(${inBrowser.toString()})(${JSON.stringify(acts)})`);
  if (missing !== '') throw new Error(`${page.url()}: no way to answer ${missing}`);
}

function actFor(
  models: Models,
  wish: {
    name: string;
    schema: FieldSchema;
    value: FormValues[string];
    language: Language;
  },
): Act {
  const { name, schema, value, language } = wish;
  const rows = models.table(schema['x-table'] ?? '')?.rows ?? [];
  switch (schema['x-widget']) {
    case 'checkbox':
      return { id: name, kind: 'click', text: '' };
    case 'yes-no':
      return { id: value === true ? name : `${name}-1`, kind: 'click', text: '' };
    case 'radio': {
      const index = rows.findIndex((row) => row.code === value);
      return { id: index === 0 ? name : `${name}-${index}`, kind: 'click', text: '' };
    }
    case 'select':
      return { id: name, kind: 'select', text: String(value) };
    case 'combobox': {
      const row = rows.find(({ code }) => code === value);
      const place = row?.extra.province;
      const text = row?.name[language] ?? String(value);
      return { id: name, kind: 'combobox', text: place ? `${text} (${place})` : text };
    }
    default: {
      const text = String(value);
      const isNumber = typeof value === 'number' && language === 'it';
      return { id: name, kind: 'type', text: isNumber ? text.replace('.', ',') : text };
    }
  }
}

/** What of a browser is used there; these tests know no types of it. */
interface Browser {
  readonly document: { getElementById(id: string): Control | null };
  readonly Event: new (name: string, init: object) => object;
  readonly KeyboardEvent: new (name: string, init: object) => object;
  readonly setTimeout: (then: (value: unknown) => void, ms: number) => void;
}

interface Control {
  value: string;
  click(): void;
  dispatchEvent(event: object): void;
  getAttribute(name: string): string | null;
}

/** Runs in the page: gives the id of what could not be answered in time, else the empty text. */
async function inBrowser(acts: readonly Act[]): Promise<string> {
  const {
    document: page,
    Event,
    KeyboardEvent,
    setTimeout: later,
  } = globalThis as unknown as Browser;
  /** Svelte has drawn what followed from the last event. */
  const drawn = () => new Promise((resolve) => later(resolve, 0));
  const looksMax = 2_000;
  for (const { id, kind, text } of acts) {
    for (let looks = 0; ; looks += 1) {
      const control = page.getElementById(id);
      if (looks > looksMax) return `${id} with “${text}”`;
      if (control !== null && kind === 'combobox') {
        control.value = text;
        control.dispatchEvent(new Event('input', { bubbles: true }));
        await drawn();
        const isFound = control.getAttribute('aria-activedescendant') !== null;
        control.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
        if (isFound) break;
      } else if (control !== null && kind === 'select') {
        control.value = text;
        control.dispatchEvent(new Event('change', { bubbles: true }));
        if (control.value === text) break;
      } else if (control !== null && kind === 'click') {
        control.click();
        break;
      } else if (control !== null) {
        control.value = text;
        control.dispatchEvent(new Event('input', { bubbles: true }));
        break;
      }
      await drawn();
    }
    await drawn();
  }
  return '';
}
