/** What the tests of pages rely on: axe sees a text that is too pale, whatever it saw before. */
import { expect, it } from 'vitest';
import { accessibilityFaults, openBrowser } from '#test/support/browser.ts';

const PALE = '#aaaaaa';
const DARK = 'rgb(20, 20, 20)';
/** Over white it is pale, over black it is not. */
const HALF = 'rgba(160, 160, 160, 0.9)';

it('a text is found that is too pale for what lies behind it, and no other', async () => {
  const { page } = await openBrowser('http://127.0.0.1');
  await page.setContent(`<!doctype html><html lang="en"><title>Texts</title><main><h1>Texts</h1>
    <p>A text</p></main></html>`);
  const judged = async (color: string, behind: string) => {
    await page.evaluate(`Object.assign(document.querySelector('p').style, {
      color: '${color}', background: '${behind}' })`);
    const faults = await accessibilityFaults(page);
    return faults.map((fault) => /color-contrast: <p/.test(fault));
  };
  for (const _ of ['new colors', 'those that are known']) {
    expect(await judged(PALE, 'white')).toEqual([true]);
    expect(await judged(DARK, 'white')).toEqual([]);
    expect(await judged(DARK, 'black')).toEqual([true]);
    expect(await judged(HALF, 'black')).toEqual([]);
    expect(await judged(HALF, 'white')).toEqual([true]);
  }
});

it('a color that fades into another is judged when it is there', async () => {
  const { page } = await openBrowser('http://127.0.0.1');
  await page.setContent(`<!doctype html><html lang="en"><title>Texts</title><main><h1>Texts</h1>
    <p style="background: white; color: ${PALE}; transition: color 500ms">A text</p></main></html>`);
  const faded = async (color: string) => {
    await page.evaluate(`document.querySelector('p').style.color = '${color}'`);
    return (await accessibilityFaults(page)).length;
  };
  expect(await accessibilityFaults(page)).toHaveLength(1);
  expect(await faded(DARK)).toBe(0);
  expect(await faded(PALE)).toBe(1);
});
