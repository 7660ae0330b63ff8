/**
 * Practice as people meet it in a real browser: the administrator opens a rehearsal window below
 * the calendar, an applicant reads until when sending can be practised, and who is nobody yet sees
 * no rehearsal among the click days.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { openUiStage } from '#test/support/ui-stage.ts';
import { becomeRole } from '#test/support/ui-walk.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const HOUR_US = 3_600_000_000;

test('a rehearsal window is opened, and practised in by applicants alone', async () => {
  const rest = { beforeUs: HOUR_US / 2, afterUs: 24 * HOUR_US };
  const stage = await openUiStage({ practice: { kind: 'windows', rest } });
  try {
    const { page, faults } = await openBrowser(stage.origin);
    const look = async () => {
      faults.push(...(await accessibilityFaults(page)));
      if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} is wider than 360 px`);
    };
    await becomeRole(page, stage, 'applicant');
    await page.getByText('non si può provare l’invio: si può da mercoledì 19 gennaio').waitFor();

    await becomeRole(page, stage, 'admin');
    await page.goto('/admin/click-days');
    await page.getByText('Le prove si fermano da sole 0,5 ore prima').waitFor();
    await page
      .getByRole('row', { name: /PROVA-2011-01-19/ })
      .getByText('Prevista')
      .waitFor();
    await look();
    await page.getByRole('link', { name: 'Nuova finestra di prova' }).click();
    await press(page, 'Apri la finestra');
    await page.getByText('Ci sono dati da correggere').waitFor();
    await look();
    await page.getByLabel('Apre il (ora di Roma)').fill('2011-01-10T08:00:00');
    await page.getByLabel('Chiude il (ora di Roma)').fill('2011-01-30T20:00:00');
    await press(page, 'Apri la finestra');
    await page.getByText('i varchi la conoscono già').waitFor();
    const row = page.getByRole('row', { name: /PROVA-2011-01-10/ });
    await row.getByText('Aperta').waitFor();
    await look();

    await becomeRole(page, stage, 'applicant');
    await page.getByText('puoi provare l’invio con il programma').waitFor();
    await page.getByRole('link', { name: 'Come si fa il collaudo' }).click();
    await page.getByText('self-test').waitFor();
    await page.getByRole('heading', { name: 'Prova prima' }).waitFor();
    await look();

    await becomeRole(page, stage, 'nobody');
    await page.getByRole('heading', { name: 'Click day', exact: false }).first().waitFor();
    expect(await page.getByText('PROVA-').count()).toBe(0);
    expect(await page.getByText('Prova prima').count()).toBe(0);

    await becomeRole(page, stage, 'admin');
    await page.goto('/admin/click-days/rehearsals/PROVA-2011-01-10');
    await press(page, 'Togli la finestra');
    await page.getByRole('dialog').getByRole('button', { name: 'Togli la finestra' }).click();
    await page.getByText('Finestra di prova tolta').waitFor();
    expect(faults).toEqual([]);
  } finally {
    await stage.world.close();
  }
});
