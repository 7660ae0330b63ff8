/** What the portal says: is it there, does it know this person, has it a newer program. */
import type { CheckResult } from '../core/index.ts';
import type { SelfTestParts } from './parts.ts';
import { resultOf } from './texts.ts';

export async function checkPortal(parts: SelfTestParts): Promise<CheckResult> {
  const { language, portal, portalUrl: url, clock } = parts;
  const startedAtUs = clock.nowUs();
  try {
    await portal.time(0);
  } catch (error) {
    const failed = resultOf(language, 'portal', { light: 'red', what: 'portal', todo: 'portalDo' });
    return { ...failed, text: messageOf(error) };
  }
  const ms = Math.round((clock.nowUs() - startedAtUs) / 1000);
  return resultOf(language, 'portal', {
    ...{ light: 'green', what: 'portal', values: { url, ms }, figures: { answerMs: ms } },
  });
}

export async function checkSession({ language, portal }: SelfTestParts): Promise<CheckResult> {
  try {
    const { email } = (await portal.session()).account;
    return resultOf(language, 'session', { light: 'green', what: 'session', values: { email } });
  } catch (error) {
    const failed = resultOf(language, 'session', {
      ...{ light: 'red', what: 'session', todo: 'sessionDo' },
    });
    return { ...failed, text: messageOf(error) };
  }
}

/** Undefined when the portal does not answer: that has its own light. */
export async function checkBuild(parts: SelfTestParts): Promise<CheckResult | undefined> {
  const { language, portal, host } = parts;
  const { build } = host;
  if (build === undefined) {
    return resultOf(language, 'build', { light: 'green', what: 'buildSources' });
  }
  const offered = await portal.downloads().catch(() => undefined);
  if (offered === undefined) return undefined;
  const own = offered.find(({ target }) => target === build.target);
  const values = { version: build.version, offered: own?.version ?? '' };
  if (own === undefined) {
    return resultOf(language, 'build', { light: 'green', what: 'buildUnknown' });
  }
  return isNewer(own.version, build.version)
    ? resultOf(language, 'build', {
        ...{ light: 'yellow', what: 'buildNewer', todo: 'buildNewerDo', values, figures: values },
      })
    : resultOf(language, 'build', { light: 'green', what: 'build', values });
}

/** By the numbers of `1.10.2`, one after the other. */
export function isNewer(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.split(/[.+-]/).map(Number));
  for (let at = 0; at < 3; at += 1) {
    const [a, b] = [left?.[at] ?? 0, right?.[at] ?? 0];
    if (a !== b) return a > b;
  }
  return false;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
