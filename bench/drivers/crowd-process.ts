/**
 * A crowd in a process of its own: people who hold pages open and read their lists, or, as the
 * control, the same readers against a server in this very process that gives a fixed answer. So
 * what the crowd itself takes of the machine can be told from what the portal takes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ReadingPlan, type ReadingResult, readLists } from '#bench/drivers/list-readers.ts';
import { type OpenPages, openPages } from '#bench/drivers/open-pages.ts';

export type CrowdOrder =
  | { readonly do: 'open'; readonly url: string; readonly sessions: readonly string[] }
  | { readonly do: 'close' }
  | { readonly do: 'read'; readonly plan: ReadingPlan }
  | { readonly do: 'pretend'; readonly plan: ReadingPlan };

export type CrowdReport =
  | { readonly pages: number; readonly told: number }
  | { readonly reading: ReadingResult };

const ANSWER_BYTES = 3_600;
let pages: OpenPages | undefined;
let opened = 0;

async function obey(order: CrowdOrder): Promise<CrowdReport> {
  if (order.do === 'open') {
    pages = await openPages(order.url, order.sessions);
    opened = order.sessions.length;
  }
  if (order.do === 'read') return { reading: await readLists(order.plan) };
  if (order.do === 'pretend') return { reading: await pretend(order.plan) };
  const report = { pages: opened - (pages?.lost() ?? 0), told: pages?.told().count ?? 0 };
  if (order.do === 'close') pages?.close();
  return report;
}

/** Reads from a server of its own, whose answers name every application there is. */
async function pretend(plan: ReadingPlan): Promise<ReadingResult> {
  const [reader] = plan.readers;
  const body = Buffer.from(reader!.application.padEnd(ANSWER_BYTES));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const readers = [reader!];
  try {
    return await readLists({ ...plan, url: `http://127.0.0.1:${port}`, readers });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

process.on('message', async (order: CrowdOrder) => {
  process.send?.(await obey(order));
});
