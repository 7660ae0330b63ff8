/** Changing the language from a menu; when its words cannot be had, everything stays as it is. */
import { asProblem } from '../api/problem.ts';
import type { App } from '../app-context.ts';

export async function chooseLanguage(app: App, code: string): Promise<void> {
  try {
    await app.locale.choose(code);
  } catch (error) {
    app.notifications.show('error', asProblem(error).messages[app.locale.language]);
  }
}
