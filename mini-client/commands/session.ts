/** `login` and `logout`: a bearer token, kept in the directory for its owner only. */
import { PortalTrouble, type SessionAnswer } from '../portal.ts';
import {
  type CommandContext,
  type ExitCode,
  portalNamed,
  portalOfSession,
  Refusal,
} from './context.ts';

export interface LoginOptions {
  readonly email: string;
  /** What the person typed. */
  readonly password: string;
  /** Asks for the code of the second step; only called when the account has one. */
  readonly code: () => Promise<string>;
}

/** Logs in, in two steps where the account has a second one. */
export async function login(context: CommandContext, options: LoginOptions): Promise<ExitCode> {
  if (options.password === '') throw new Refusal('passwordMissing', {}, 2);
  return keepSession(context, await openSession(context, options));
}

/** Keeps what the portal gave. Refuses while the password is a one-time one. */
export function keepSession(context: CommandContext, session: SessionAnswer): ExitCode {
  const { output, directory } = context;
  const { token, expiresAt, account } = session;
  const { email } = account;
  if (account.mustChangePassword) {
    throw new Refusal('changePassword', { portal: context.portalUrl ?? '' });
  }
  if (token === undefined || expiresAt === undefined) throw new Refusal('notLoggedIn');
  directory.keepSession({ portal: context.portalUrl ?? '', token, expiresAt, email });
  output.say('loggedIn', { email, until: expiresAt.replace(/\.\d+Z$/, 'Z') });
  output.data({ event: 'logged-in', email, account: account.id, expiresAt });
  return 0;
}

async function openSession(context: CommandContext, { email, password, code }: LoginOptions) {
  const portal = portalNamed(context);
  try {
    return await portal.login({ email, password });
  } catch (error) {
    const isSecondStep = error instanceof PortalTrouble && error.code === 'SECOND_FACTOR_NEEDED';
    if (!isSecondStep) throw error;
    const totp = (await code()).trim();
    if (totp === '') throw new Refusal('codeMissing', {}, 2);
    return portal.login({ email, password, totp });
  }
}

/** Ends the session at the portal if it answers, and here in any case. */
export async function logout(context: CommandContext): Promise<ExitCode> {
  const { output, directory } = context;
  if (directory.session() !== undefined) {
    try {
      await portalOfSession(context).logout();
    } catch (error) {
      // A dead portal must not keep the token on this computer; the session expires by itself.
      output.line(error instanceof Error ? error.message : String(error));
    }
    directory.forgetSession();
  }
  output.say('loggedOut');
  output.data({ event: 'logged-out' });
  return 0;
}
