/**
 * `login --device`: for accounts without a password, and for computers without a browser. The
 * portal gives a short code, the person types it on the portal's page, this program asks until
 * there is a session. A portal that does not answer meanwhile is asked again, until the code has
 * expired.
 */
import { hostname } from 'node:os';
import { PortalTrouble, type SessionAnswer } from '../portal.ts';
import { type CommandContext, type ExitCode, portalNamed, Refusal } from './context.ts';
import { keepSession } from './session.ts';

const PROGRAM = 'Clickday mini-client';
const COMPUTER_LENGTH_MAX = 80;
const MS_A_SECOND = 1000;
const SLOWER_MS = 5000;
const US_A_SECOND = 1_000_000;

/** Ends with a session kept, refused (1), expired (1) or interrupted (1). */
export async function deviceLogin(context: CommandContext): Promise<ExitCode> {
  const { output, clock } = context;
  const portal = portalNamed(context);
  const computer = hostname().slice(0, COMPUTER_LENGTH_MAX) || '?';
  const codes = await portal.askDeviceCode({ program: PROGRAM, computer });
  const { userCode, verificationUri, expiresIn, interval } = codes;
  output.say('deviceCode', { uri: verificationUri, code: userCode });
  output.data({ event: 'device-code', userCode, verificationUri, expiresIn, interval });
  const session = await poll(context, {
    fetch: () => portal.fetchDeviceSession(codes.deviceCode),
    pauseMs: interval * MS_A_SECOND,
    untilUs: clock.nowUs() + expiresIn * US_A_SECOND,
  });
  return keepSession(context, session);
}

async function poll(
  { pause, interrupted, clock }: CommandContext,
  options: { fetch: () => Promise<SessionAnswer>; pauseMs: number; untilUs: number },
): Promise<SessionAnswer> {
  let { pauseMs } = options;
  while (!interrupted.aborted) {
    await pause(pauseMs);
    if (interrupted.aborted) break;
    try {
      return await options.fetch();
    } catch (error) {
      if (!(error instanceof PortalTrouble)) throw error;
      if (error.code === 'DEVICE_SLOW_DOWN') pauseMs += SLOWER_MS;
      else if (!isWorthAsking(error) || clock.nowUs() > options.untilUs) throw error;
    }
  }
  throw new Refusal('deviceInterrupted');
}

/** Nobody has decided, or the portal could not answer: asking again may help. */
function isWorthAsking({ code, status }: PortalTrouble): boolean {
  return code === 'DEVICE_PENDING' || status === 0 || status === 429 || status >= 500;
}
