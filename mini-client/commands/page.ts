/**
 * `page`: the local page, and what a double click starts. One program a directory: a second start
 * opens the page of the one that runs and ends.
 */
import { packageVersion } from '../node/version.ts';
import { pageAssets } from '../page/assets.ts';
import { callsOf } from '../page/calls.ts';
import { Keys } from '../page/guard.ts';
import { type PageServer, servePage } from '../page/http.ts';
import { ownBuild } from '../page/news.ts';
import type { Opening } from '../page/open-browser.ts';
import { PageFiles } from '../page/page-files.ts';
import { PageProgram } from '../page/program.ts';
import { type CommandContext, type ExitCode, Refusal } from './context.ts';

export interface PageOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Opens a browser; false when there is none to open. */
  readonly open: (opening: Opening) => boolean;
}

export async function page(context: CommandContext, options: PageOptions): Promise<ExitCode> {
  const code = await context.directory.alone(() => serve(context, options), 'page.lock');
  return code ?? openRunning(context, options);
}

/** Serves until the person ends the program. */
async function serve(context: CommandContext, options: PageOptions): Promise<ExitCode> {
  const files = new PageFiles(context.directory);
  const ending = new AbortController();
  const end = () => ending.abort();
  context.interrupted.addEventListener('abort', end);
  if (context.interrupted.aborted) end();
  const version = packageVersion();
  const program = new PageProgram({
    context: { ...context, interrupted: ending.signal },
    ...{ version, own: () => ownBuild(version), quit: end },
  });
  const keys = new Keys();
  const keepAddress = () => {
    const address = `${server.origin}/#${keys.token}`;
    return { address, file: files.keepAddress(address) };
  };
  const server: PageServer = await servePage({
    ...{ port: options.port, keys, assets: pageAssets(), calls: callsOf(program) },
    follow: (response) => program.model.follow(response),
    document: (ticket) => program.tickets.read(ticket),
    onEntered: keepAddress,
  });
  try {
    tell(context, options, keepAddress());
    program.start();
    await aborted(ending.signal);
  } finally {
    files.forgetAddress();
    program.model.end();
    await server.close();
  }
  context.output.say('pageEnds');
  return 0;
}

function openRunning(context: CommandContext, options: PageOptions): ExitCode {
  const files = new PageFiles(context.directory);
  const address = files.address();
  if (address === undefined) throw new Refusal('pageBusy', { path: context.directory.path });
  context.output.say('pageRuns');
  tell(context, options, { address, file: files.keepAddress(address) });
  return 0;
}

function tell({ output }: CommandContext, { open }: PageOptions, opening: Opening): void {
  const { address } = opening;
  const isOpened = open(opening);
  output.say(isOpened ? 'pageOpened' : 'pageServed', { address });
  output.data({ event: 'page', address, isOpened });
  output.flush();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
