/** Going about the web application in one document, as a person does who follows its links. */
import type { Page } from 'playwright-core';
import type { UiStage } from '#test/support/ui-stage.ts';

/** Who was there leaves; whoever plays `role` (`nobody`: no one) is logged in, on the home page. */
export async function becomeRole(page: Page, stage: UiStage, role: string): Promise<void> {
  await page.context().clearCookies();
  const data = stage.people.get(role);
  if (data !== undefined) {
    const headers = { origin: stage.origin };
    const answer = await page.request.post('/api/session', { data, headers });
    if (answer.status() !== 200) throw new Error(`${role} cannot log in: ${answer.status()}`);
  }
  await page.goto('/');
}

/**
 * Follows a link to an address of the application, without loading a document, until the router is
 * there: what is shown is that page's, or of the one it leads to, and no longer the one before.
 */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const before = history.state._routerIndex;
    const link = document.createElement('a');
    link.href = ${JSON.stringify(address)};
    document.body.append(link);
    link.click();
    link.remove();
    const look = () => {
      if (history.state._routerIndex > before) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
}

/** Chooses a language in the header. */
export async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate(`document.querySelector('.cd-languages button[lang="${language}"]').click()`);
  await page.waitForFunction(`document.documentElement.lang === '${language}'`);
}
