/** `status`: what the directory knows, without asking anyone. */
import { foldJournal, type JournalState } from '../core/index.ts';
import type { CommandContext, ExitCode } from './context.ts';

export async function status(context: CommandContext): Promise<ExitCode> {
  const { output, directory } = context;
  const session = directory.session();
  const states = foldJournal(directory.journal().read());
  output.say('statusDirectory', { path: directory.path });
  if (session === undefined) output.say('statusNoSession');
  else output.say('statusSession', { email: session.email, portal: session.portal });
  output.data({ event: 'directory', path: directory.path, email: session?.email ?? null });
  for (const { clickDay, applications } of directory.prepared()) {
    const { id, opensAt } = clickDay;
    const counts = count(applications.map((application) => states.get(application.id)));
    output.say('statusDay', { id, opensAt, ...counts });
    output.data({ event: 'click-day', clickDay: id, opensAt, ...counts });
  }
  for (const { application, accepted } of states.values()) {
    if (accepted === undefined) continue;
    const { protocol, stamp, uncertaintyUs } = accepted.message;
    const { leafHash } = accepted;
    output.data({ event: 'accepted', application, protocol, stamp, uncertaintyUs, leafHash });
  }
  return 0;
}

function count(states: readonly (JournalState | undefined)[]) {
  const counts = { accepted: 0, rejected: 0, unanswered: 0, waiting: 0 };
  for (const state of states) counts[kindOf(state)] += 1;
  return counts;
}

function kindOf(state: JournalState | undefined) {
  if (state?.accepted !== undefined) return 'accepted';
  if (state?.rejected !== undefined) return 'rejected';
  return state !== undefined && state.sentCount > 0 ? 'unanswered' : 'waiting';
}
