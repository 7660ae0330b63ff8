/**
 * Fills a page of a form in the browser as a person would: types, chooses from lists, ticks. What
 * to write comes from a sample application, what kind of control it is from the definition.
 */
import type { Page } from 'playwright-core';
import {
  type FieldSchema,
  type FieldValue,
  type FormPage,
  type FormValues,
  fieldNames,
} from '#protocol/forms/index.ts';
import { models } from '#test/support/models.ts';

/** Answers every question of the page that the sample answers, in reading order. */
export async function fillPage(page: Page, form: FormPage, values: FormValues): Promise<void> {
  for (const name of fieldNames(form)) {
    const schema = form.schema.properties[name];
    const value = values[name];
    if (schema !== undefined && value !== undefined) await fill(page, { name, schema, value });
  }
}

interface Answer {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly value: FieldValue;
}

async function fill(page: Page, { name, schema, value }: Answer): Promise<void> {
  const control = page.locator(`[id="${name}"]`);
  const widget = schema['x-widget'];
  if (widget === 'select') await control.selectOption(String(value));
  else if (widget === 'checkbox') await control.setChecked(value === true);
  else if (widget === 'radio' || widget === 'yes-no') await choose(page, { name, schema, value });
  else if (widget === 'combobox') {
    await control.fill(textOf(schema, value));
    await control.press('Enter');
  } else
    await control.fill(typeof value === 'number' ? String(value).replace('.', ',') : `${value}`);
}

async function choose(page: Page, { name, schema, value }: Answer): Promise<void> {
  const text = typeof value === 'boolean' ? (value ? 'Sì' : 'No') : textOf(schema, value);
  const group = page.locator('fieldset', { has: page.locator(`[id="${name}"]`) }).last();
  await group.getByLabel(text, { exact: true }).check();
}

function textOf(schema: FieldSchema, value: FieldValue): string {
  const table = schema['x-table'];
  const row = table === undefined ? undefined : models.table(table)?.row(String(value));
  if (row === undefined) return String(value);
  const province = row.extra.province;
  return province ? `${row.name.it} (${province})` : row.name.it;
}
