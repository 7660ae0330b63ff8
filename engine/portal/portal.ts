/**
 * The portal: its rooms wired to each other and to an HTTP server. It is given everything it
 * depends on and keeps nothing outside its database.
 *
 *   http (server, guard, limits) ─► accounts · applications · calendar · control room
 *                                        └──────────┬──────────┘
 *                                       database · mail · signing key
 */
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { VerificationKeys } from '#protocol/portal-api.ts';
import type { Clock, Timers } from '../clock/index.ts';
import type { SigningKey } from '../foundation/jws.ts';
import type { Log } from '../foundation/log.ts';
import type { Random } from '../foundation/random.ts';
import type { MailRoom } from '../mail/index.ts';
import type { Database } from '../store/database/index.ts';
import type { Vault } from './accounts/vault.ts';
import { createSubmissions, type Submissions } from './applications/submissions.ts';
import type { NoticePaths } from './calendar/notice.ts';
import type { Calendar } from './calendar/service.ts';
import type { OutsideStatus } from './control-room/routes.ts';
import type { ReadEntry } from './http/entry-route.ts';
import { withProblems } from './http/openapi.ts';
import { createServer, type Server } from './http/server.ts';
import { shareWriters } from './http/writers.ts';
import type { Mailbox } from './mailbox/index.ts';
import type { Models } from './models/index.ts';
import type { RankingSource } from './ranking/source.ts';
import type { MakeRehearsalReceipt, ReadRehearsal } from './rehearsals/routes.ts';
import { createRooms } from './rooms.ts';
import type { PortalConfig } from './settings.ts';
import { addRoutes } from './wiring.ts';

export interface PortalOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  /** Where its numbers are registered; one of its own when left out. */
  readonly registry?: Registry;
  readonly mail: MailRoom;
  readonly key: SigningKey;
  /** Enciphers the secrets of second factors. */
  readonly vault: Vault;
  /** The forms of this call, and of earlier ones. */
  readonly models: Models;
  readonly config: PortalConfig;
  /** The built web application (`admin-ui/dist`). */
  readonly uiDirectory: string;
  /** Where mails to the help desk lie until they are handled. */
  readonly incomingDirectory: string;
  /** Where the files of attachments lie. */
  readonly attachmentsDirectory: string;
  /** Where `npm run build:mini-client` leaves what is handed out. */
  readonly downloadsDirectory: string;
  /** Where calendar and public key are laid for the gates; null for nowhere. */
  readonly notice: NoticePaths | null;
  /** WebSocket addresses of the gates, as they are now. */
  readonly gates: () => readonly string[];
  /** What the registrar, the receipts and the gates say of themselves. */
  readonly status: () => OutsideStatus | Promise<OutsideStatus>;
  /** How many receipts are made, wait, and were set aside. */
  readonly receiptCounts: () => { made: number; pending: number; failed: number };
  /** The receipt of an application, null while there is none. */
  readonly readReceipt: (application: string) => Promise<Uint8Array | null>;
  /** The published entry a protocol number names, null when there is none. */
  readonly readEntry: ReadEntry;
  /** An entry of a ledger of rehearsals, and its receipt. */
  readonly readRehearsal: ReadRehearsal;
  readonly makeRehearsalReceipt: MakeRehearsalReceipt;
  /** The public ranking, as the register has it. */
  readonly rankings: RankingSource;
  /** What a checker of receipts has to know, as it is now. */
  readonly verificationKeys: () => VerificationKeys;
}

export interface Portal {
  /** Starts to serve; port 0 picks a free one. Resolves with `http(s)://host:port`. */
  listen(where: { host: string; port: number }): Promise<{ address: string }>;
  /** Answers what is under way, then stops. Database and mail stay the caller's to close. */
  close(): Promise<void>;
  readonly submissions: Submissions;
  readonly calendar: Calendar;
  /** Lets the search read what there is, before somebody searches. */
  warmSearch(): void;
  /** Of the help desk; null without an address. */
  readonly mailbox: Mailbox | null;
  /** How the world reaches the portal; known once it listens. */
  publicUrl(): string;
  /** Drops what has expired and erases what is due; done by itself every ten minutes. */
  sweep(): void;
}

const SWEEP_MS = 10 * 60_000;
const FLUSH_MS = 5000;

/** Builds the portal; nothing is served before `listen`. */
export async function createPortal(options: PortalOptions): Promise<Portal> {
  const { config } = options;
  let address = '';
  const publicUrl = () => config.publicUrl ?? address;
  const rooms = createRooms(options, publicUrl);
  const server = await createServer(options, rooms.freshness);
  server.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/')) route.schema = withProblems(route.schema);
  });
  shareWriters(server);
  await addRoutes(server, { options, rooms, publicUrl });
  const { accounts, deletion, ownSessions } = rooms.account;
  const sweep = () => {
    accounts.sweep();
    deletion.sweep();
    rooms.helpdesk.sweep.run();
    rooms.helpdesk.retention.run();
    inBackground(options.log, rooms.attachments.sweep());
    inBackground(options.log, rooms.helpdesk.attachments.sweep());
    if (rooms.mailbox) inBackground(options.log, rooms.mailbox.sweep());
    options.mail.refresh(); // a command may have put something into the outbox
  };
  const cancelSweep = options.timers.every(SWEEP_MS, sweep);
  const cancelFlush = options.timers.every(FLUSH_MS, () => ownSessions.flush());
  return {
    submissions: createSubmissions(options),
    calendar: rooms.calendar,
    mailbox: rooms.mailbox,
    warmSearch: rooms.search.engine.warm,
    publicUrl,
    sweep,
    listen: async ({ host, port }) => {
      await server.listen({ host, port });
      address = addressOf(server, host, config.tls !== undefined);
      rooms.calendar.publish();
      await rooms.mailbox?.open(rooms.helpdesk);
      inBackground(options.log, rooms.attachments.clear());
      return { address };
    },
    close: async () => {
      cancelSweep();
      cancelFlush();
      rooms.helpdesk.sweep.close();
      rooms.helpdesk.retention.close();
      ownSessions.flush();
      rooms.freshness.events.close();
      await rooms.mailbox?.close();
      await server.close();
      await rooms.imports.runner.close();
      await rooms.deskWork.close();
      await rooms.search.engine.close();
    },
  };
}

/** What nobody waits for; when it fails it is tried again at its next time. */
function inBackground(log: Log, work: Promise<unknown>): void {
  work.catch((error: unknown) => log.error({ err: error }, 'files of attachments'));
}

function addressOf(server: Server, host: string, isTls: boolean): string {
  const { port, family, address } = server.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : address;
  const shown = family === 'IPv6' && name.includes(':') ? `[${name}]` : name;
  return `${isTls ? 'https' : 'http'}://${shown}:${port}`;
}
