/** `login` and `logout`: a bearer token, kept in the directory for its owner only. */
import {
  type CommandContext,
  type ExitCode,
  portalNamed,
  portalOfSession,
  Refusal,
} from './context.ts';

/** Logs in. `password` is what the person typed. */
export async function login(
  context: CommandContext,
  options: { readonly email: string; readonly password: string },
): Promise<ExitCode> {
  const { output, directory } = context;
  const { email, password } = options;
  const portal = portalNamed(context);
  if (password === '') throw new Refusal('passwordMissing', {}, 2);
  const { token, expiresAt, account } = await portal.login(email, password);
  if (account.mustChangePassword) {
    throw new Refusal('changePassword', { portal: context.portalUrl ?? '' });
  }
  if (token === undefined || expiresAt === undefined) throw new Refusal('notLoggedIn');
  directory.keepSession({ portal: context.portalUrl ?? '', token, expiresAt, email });
  output.say('loggedIn', { email, until: expiresAt });
  output.data({ event: 'logged-in', email, account: account.id, expiresAt });
  return 0;
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
