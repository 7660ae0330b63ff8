/**
 * A person who has a keyboard and nothing else: Tab, arrows, Space, Enter and typing. At every stop
 * the focus must be seen: on the screen, not covered, with a ring.
 */
import type { Page } from 'playwright-core';
import type { Models } from '#engine/portal/models/index.ts';
import {
  type FieldSchema,
  type FormPage,
  type FormValues,
  fieldNames,
} from '#protocol/forms/index.ts';

const STOPS_MAX = 150;

interface Stop {
  readonly id: string;
  readonly name: string;
  readonly tag: string;
  readonly value: string;
  readonly faults: readonly string[];
}

export class Keyboard {
  /** Stops at which the focus could not be seen. */
  readonly faults: string[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  /** What has the focus. */
  async stop(): Promise<Stop> {
    const stop = (await this.#page.evaluate(STOP)) as Stop;
    this.faults.push(...stop.faults);
    return stop;
  }

  /** Goes on with Tab until a control with that id, or one that is called so, has the focus. */
  async tabTo(wanted: { id: string } | { name: string | RegExp }): Promise<void> {
    const seen: string[] = [];
    for (let stops = 0; stops < STOPS_MAX; stops += 1) {
      await this.press('Tab');
      const stop = await this.stop();
      seen.push(stop.id || stop.name);
      if ('id' in wanted ? stop.id === wanted.id : matches(stop.name, wanted.name)) return;
    }
    throw new Error(
      `Tab never came to ${JSON.stringify(wanted)}: ${[...new Set(seen)].join(' · ')}`,
    );
  }

  /** Chooses among radio buttons: Tab comes to the group, arrows go through it. */
  async chooseRadio(id: string, index: number): Promise<void> {
    await this.tabTo({ id });
    if (index === 0) await this.press('Space');
    for (let steps = 0; steps < index; steps += 1) await this.press('ArrowDown');
  }

  /** Answers every question of a page that the sample answers, in reading order. */
  async fill(wish: { models: Models; form: FormPage; values: FormValues }): Promise<void> {
    const { models, form, values } = wish;
    for (const name of fieldNames(form)) {
      const schema = form.schema.properties[name];
      const value = values[name];
      if (schema !== undefined && value !== undefined) {
        await this.#answer(models, { name, schema, value });
      }
    }
  }

  async #answer(
    models: Models,
    { name, schema, value }: { name: string; schema: FieldSchema; value: FormValues[string] },
  ): Promise<void> {
    const rows = models.table(schema['x-table'] ?? '')?.rows ?? [];
    const row = rows.find(({ code }) => code === value);
    const index = rows.findIndex(({ code }) => code === value);
    const widget = schema['x-widget'];
    if (widget === 'radio') return this.chooseRadio(name, index);
    if (widget === 'yes-no') return this.chooseRadio(name, value === true ? 0 : 1);
    await this.tabTo({ id: name });
    if (widget === 'checkbox') return this.press('Space');
    if (widget === 'select') return this.#select(String(value));
    if (widget === 'combobox') {
      const place = row?.extra.province;
      await this.type(place ? `${row?.name.it} (${place})` : (row?.name.it ?? String(value)));
      return this.press('Enter');
    }
    if (widget === 'date') return this.typeDate(String(value));
    return this.type(typeof value === 'number' ? String(value).replace('.', ',') : String(value));
  }

  async #select(value: string): Promise<void> {
    for (let steps = 0; steps < STOPS_MAX; steps += 1) {
      await this.press('ArrowDown');
      if ((await this.stop()).value === value) return;
    }
    throw new Error(`the arrows never came to ${value}`);
  }

  /** In the order in which this browser, whose own language is English, asks for the parts. */
  async typeDate(iso: string): Promise<void> {
    const [year = '', month = '', day = ''] = iso.split('-');
    await this.type(`${month}${day}${year}`);
    const typed = (await this.stop()).value;
    if (typed !== iso) throw new Error(`the date ${iso} was typed and ${typed} came out`);
  }
}

function matches(name: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? name === wanted : wanted.test(name);
}

/** Runs in the page. A date's inner stops and the dialogs' own are the element's itself. */
const STOP = `(() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.innerText ?? '';
  const name = element.getAttribute('aria-label') || element.innerText || label;
  const { id, tagName: tag, value = '' } = element;
  const stop = { id, name: name.trim(), tag, value };
  if (element === document.body || element.tabIndex < 0) return { ...stop, faults: [] };
  const faults = [];
  const box = element.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]];
  const isSeen = points.some(([x, y]) => {
    const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return at !== null && (element.contains(at) || at.contains(element));
  });
  if (!isSeen) faults.push('cannot be seen');
  const hasRing = () => {
    for (const transition of element.getAnimations()) transition.finish();
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    const isClear = /^rgba.*, 0\\)$/.test(outlineColor);
    const isOutlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !isClear;
    return isOutlined || / 0px 0px 0px [2-9]px(,|$)/.test(boxShadow);
  };
  if (!hasRing()) faults.push('has no ring');
  const where = location.pathname + ' ' + (stop.id || stop.name || stop.tag);
  return { ...stop, faults: faults.map((fault) => where + ' ' + fault) };
})()`;
