/**
 * One family goes the whole way by hand, as in the weeks before a click day: registers, reads the
 * mail, confirms, changes the one-time password, fills the pages of the call's first model, and
 * gets its mini-client ready. Everything over HTTP and with a real mini-client process.
 */
import type { Timers } from '#engine/clock/index.ts';
import type { Random } from '#engine/foundation/random.ts';
import { type Models, sampleAccount, sampleApplication } from '#engine/portal/models/index.ts';
import { logIn, type PortalCaller, portalCaller } from './portal-caller.ts';
import { startMiniClient } from './processes.ts';

export interface Family {
  readonly email: string;
  readonly application: string;
  /** Where its mini-client keeps its things. */
  readonly directory: string;
}

interface Options {
  readonly portal: string;
  readonly models: Models;
  readonly administrator: PortalCaller;
  readonly random: Random;
  readonly timers: Timers;
  readonly todayIso: string;
  readonly directory: string;
  readonly note: (text: string) => void;
}

const MAIL_TRIES = 100;
const MAIL_LOOK_MS = 100;

/** Resolves when its application is ready and its mini-client is prepared. */
export async function prepareFamily(options: Options): Promise<Family> {
  const { portal, random, note, directory } = options;
  const person = sampleAccount(random);
  const email = `famiglia.${random.id().toLowerCase()}@example.org`;
  const nobody = portalCaller(portal);
  await nobody.call('POST', '/api/registrations', {
    email,
    givenName: person.givenName,
    familyName: person.familyName,
    codiceFiscale: person.codiceFiscale,
    language: 'it',
    privacyAccepted: true,
  });
  const mail = await waitForMail(options, email);
  note(`${email} registered and got the mail “${mail.subject}”`);
  await nobody.call('POST', '/api/registrations/confirm', { token: mail.token });
  const first = await logIn(portal, email, mail.password);
  const password = random.bytes(12).toString('base64url');
  await first.call('POST', '/api/account/password', { current: mail.password, next: password });
  const caller = await logIn(portal, email, password);
  const application = await draft(caller, options);
  note(`application ${application} drafted page by page and ready`);
  const base = ['--portal', portal, '--directory', directory];
  await run(['login', '--email', email, '--password-stdin', ...base], password);
  await run(['prepare', ...base]);
  note('its mini-client is logged in and prepared');
  return { email, application, directory };
}

async function draft(caller: PortalCaller, options: Options): Promise<string> {
  const { models, random, todayIso } = options;
  const [model = ''] = models.call.offers;
  const sample = sampleApplication(models, { random, todayIso, model });
  const { id } = await caller.call<{ id: string }>('POST', '/api/applications', { model });
  for (const page of sample.pages) {
    await caller.call('PUT', `/api/applications/${id}/pages/${page.number}`, {
      values: page.values,
      version: 0,
    });
  }
  await caller.call('POST', `/api/applications/${id}/ready`);
  return id;
}

interface Mail {
  readonly subject: string;
  readonly token: string;
  readonly password: string;
}

/** Reads the mail where the administrator reads it: in the local outbox. */
async function waitForMail(options: Options, email: string): Promise<Mail> {
  const { administrator, timers } = options;
  for (let attempt = 0; attempt < MAIL_TRIES; attempt += 1) {
    const { mails } = await administrator.call<{ mails: { id: string; to: string }[] }>(
      'GET',
      '/api/admin/outbox',
    );
    const found = mails.find((mail) => mail.to === email);
    if (found !== undefined) {
      const mail = await administrator.call<{ subject: string; text: string }>(
        'GET',
        `/api/admin/outbox/${found.id}`,
      );
      const token = /token=([\w-]+)/.exec(mail.text)?.[1] ?? '';
      const password = /Password monouso: (\S+)/.exec(mail.text)?.[1] ?? '';
      return { subject: mail.subject, token, password };
    }
    await new Promise<void>((resolve) => {
      timers.after(MAIL_LOOK_MS, resolve);
    });
  }
  throw new Error(`no mail for ${email} arrived in the outbox`);
}

async function run(words: readonly string[], input?: string): Promise<void> {
  const { code, said } = await startMiniClient(words, input === undefined ? {} : { input }).ended;
  if (code !== 0) throw new Error(`mini-client ${words[0]} ended with ${code}: ${said}`);
}
