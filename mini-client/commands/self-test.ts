/**
 * `self-test` (`collaudo`): the whole way of the day, as a row of traffic lights with what to do,
 * and their verdict. Exit status 1 when the verdict is red.
 */
import { usFromIso } from '#protocol/time.ts';
import { type CheckResult, type Light, verdictOf } from '../core/index.ts';
import { nodeSelfTestHost } from '../node/self-test-host.ts';
import { Portal } from '../portal.ts';
import { selfTest } from '../self-test/index.ts';
import type { TextKey } from '../texts.ts';
import { type CommandContext, type ExitCode, gateAddresses, portalNamed } from './context.ts';

export const signs: Record<Light, string> = { green: '🟢', yellow: '🟡', red: '🔴' };

const verdicts: Record<Light, TextKey> = {
  green: 'selfTestGreen',
  yellow: 'selfTestYellow',
  red: 'selfTestRed',
};

export interface SelfTestFlags {
  readonly gates?: readonly string[];
  readonly ntpServers?: readonly string[];
}

export async function runSelfTest(
  context: CommandContext,
  flags: SelfTestFlags,
): Promise<ExitCode> {
  const { output } = context;
  const results = await selfTestResults(context, flags, (result) => {
    output.line(`${signs[result.light]} ${result.text}`);
    if (result.whatToDo !== undefined) output.line(`   → ${result.whatToDo}`);
    output.data({ event: 'check', ...result });
  });
  const verdict = verdictOf(results);
  output.say(verdicts[verdict]);
  output.data({ event: 'verdict', light: verdict });
  return verdict === 'red' ? 1 : 0;
}

/** The results for whoever shows them: the command line here, the local page elsewhere. */
export function selfTestResults(
  context: CommandContext,
  { gates = [], ntpServers }: SelfTestFlags,
  onResult?: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const { language, fetch, directory, openSocket, clock, timers, random, wallNowUs } = context;
  const session = directory.session();
  if (session === undefined) portalNamed(context); // refuses an address that is none
  const url = session?.portal ?? String(context.portalUrl);
  const token = session === undefined ? {} : { token: session.token };
  return selfTest({
    ...{ language, openSocket, clock, timers, random, wallNowUs },
    portalUrl: url,
    portal: new Portal({ url, language, fetch, ...token }),
    gates: gateAddresses(gates),
    passbooks: preparedPassbooks(context),
    host: nodeSelfTestHost({ directory, clock, environment: context.environment }),
    ...(ntpServers && { ntpServers }),
    ...(onResult && { onResult }),
  });
}

/** Of the next prepared day, as long as they are good. */
function preparedPassbooks({ directory, wallNowUs }: CommandContext): readonly string[] {
  const nowUs = wallNowUs();
  const next = directory.prepared().find(({ clickDay }) => usFromIso(clickDay.closesAt) > nowUs);
  return next?.passbooks ?? [];
}
