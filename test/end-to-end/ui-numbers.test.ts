/**
 * What is recorded under a protocol number, in a real browser: as a receipt's QR code opens it, by
 * hand, for a number that is not there, and from the ticket of who asks for help. Looked at by axe
 * and at 320 pixels.
 */
import { expect, onTestFinished, test } from 'vitest';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { Application, PublishedEntry } from '#protocol/portal-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, openWorld } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { asks } from '#test/support/ui-helpdesk.ts';
import { speak } from '#test/support/ui-walk.ts';

const OPERATOR = { email: 'operator@clickday.example', password: 'una parola lunga' };
const SUBJECT = 'Quale posto ho?';

const PUBLISHED: PublishedEntry = {
  ...{ clickDay: '2011-01-31', gate: 'g1', seq: 123, protocol: '2011-01-31/g1/000000123' },
  ...{ application: '01ARZ3NDEKTSV4RRFFQ69G5FAV', model: 'A', office: 'RM' },
  digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  ...{ stamp: '2011-01-31T07:00:00.000123Z', uncertaintyUs: 250 },
  leafHash: 'P9DmuMQDQlbuodF0cTHNj15P_SGrTVMsYJzUhXkQ2nE',
  ...{ place: 1017, duplicateOf: null },
};
const entry = (seq: number, rest: Partial<PublishedEntry> = {}): PublishedEntry => {
  const protocol = protocolNumber({ ...PUBLISHED, seq });
  return { ...PUBLISHED, seq, protocol, ...rest };
};

async function openNumbers() {
  const uiDirectory = await ensureUiBuilt({ log: { info: () => undefined } });
  const world = await openWorld({ uiDirectory });
  onTestFinished(() => world.close());
  const { page, faults } = await openBrowser(world.address);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 320))) faults.push(`${page.url()} is wider than 320 px`);
  };
  const publish = (one: PublishedEntry) => void world.entries.set(one.protocol, one);
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  return { world, page, faults, look, publish, says };
}

test('a number is looked up by the QR code, by hand, and tells what is wrong with it', async () => {
  const { page, faults, look, publish, says } = await openNumbers();
  publish(entry(123));
  publish(entry(124, { place: null }));
  publish(entry(125, { duplicateOf: 17 }));

  await page.goto('/verify?protocol=2011-01-31/g1/000000123');
  await says('Con questo numero è registrata una domanda');
  await page.locator('.cd-entry').getByText('2011-01-31/g1/000000123').waitFor();
  await says('1017');
  await says(/ore 8:00:00,000123/);
  await page.waitForFunction(`document.activeElement.textContent.includes('è registrata')`);
  await look();
  await speak(page, 'en');
  await says('An application is recorded under this number');
  await look();
  await speak(page, 'it');

  const field = page.getByLabel('Numero di protocollo');
  const asks = async (number: string) => {
    await field.fill(number);
    await field.press('Enter');
  };
  await asks(' 2011-01-31/g1/124');
  await says('Non ancora definitivo');
  const address = () => new URL(page.url()).searchParams.get('protocol');
  await expect.poll(address).toBe('2011-01-31/g1/000000124');
  await asks('2011-01-31/g1/125');
  await says(/era già arrivata: conta il suo primo posto, il 17/);
  await asks('2011-01-31/g1/126');
  await says('Nel registro non c’è «2011-01-31/g1/126»');
  expect(await page.locator('.cd-entry').count()).toBe(0);
  await look();
  await asks('126');
  await page.getByRole('alert').getByText('Questo non è un numero di protocollo').waitFor();
  await look();
  await asks('');
  await page.getByRole('alert').getByText('Scrivi il numero di protocollo').waitFor();
  expect(faults).toEqual([]);
});

test('an operator follows an application beside a ticket to its entry and back', async () => {
  const { world, page, faults, publish, says } = await openNumbers();
  const maria = await applicant(world, 'maria@example.it');
  await operatorOf(world);
  const { body } = await maria.call<Application>('POST', '/api/applications', { model: 'A' });
  const { protocol } = PUBLISHED;
  const { build, run } = world.database;
  const sent = { protocol, receipt_at_us: world.clock.nowUs() };
  run(build.updateTable('applications').set(sent).where('id', '=', body.id));
  publish(entry(123, { application: body.id }));
  await asks(maria, { subject: SUBJECT });

  const headers = { origin: world.address };
  await page.request.post('/api/session', { data: OPERATOR, headers });
  await page.goto('/desk');
  await page.getByRole('link', { name: SUBJECT }).click();
  await page.getByRole('link', { name: 'Voce del registro' }).click();
  await page.getByRole('heading', { level: 1, name: /ricevuta/i }).waitFor();
  await page.locator('.cd-entry').getByText(protocol).waitFor();
  await says(body.id);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: SUBJECT }).waitFor();
  expect(faults).toEqual([]);
});
