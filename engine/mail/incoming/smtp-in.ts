/**
 * Takes mail by SMTP for the help desk's address, from the mail server in front. It answers 250
 * when the mail is on the disk, and looks into nothing: whatever it says is handled later.
 *
 * It relays nothing: who else a mail is for is refused with 550. Connections, their rate of
 * silence, sizes and recipients are bounded; with a certificate it offers STARTTLS.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Log } from '../../foundation/log.ts';
import { MAIL_BYTES_MAX } from './parsed-mail.ts';
import type { Spool } from './spool.ts';

export interface SmtpIn {
  /** `host:port` where it listens. */
  readonly address: string;
  close(): Promise<void>;
}

export interface SmtpInOptions {
  readonly host: string;
  readonly port: number;
  /** `name@domain`; mail to `name+anything@domain` is taken as well. */
  readonly deskAddress: string;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly spool: Spool;
  readonly log: Log;
  /** A mail was taken. */
  readonly taken: () => void;
}

const CONNECTIONS_MAX = 50;
const SILENCE_MS_MAX = 60_000;
const CLOSE_MS_MAX = 2_000;
const RECIPIENTS_MAX = 1;
const REPLIES = {
  'too-large': { code: 552, text: 'This mail is too large: 10 MB at most' },
  full: { code: 452, text: 'No room at the moment, come again later' },
  broken: { code: 451, text: 'Could not be stored, come again later' },
} as const;

/** Resolves when it listens. */
export async function startSmtpIn(options: SmtpInOptions): Promise<SmtpIn> {
  const { host, port, log, deskAddress, tls } = options;
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, hideENHANCEDSTATUSCODES: false },
    ...{ size: MAIL_BYTES_MAX, maxClients: CONNECTIONS_MAX, socketTimeout: SILENCE_MS_MAX },
    ...{ closeTimeout: CLOSE_MS_MAX, disableReverseLookup: true, banner: 'Clickday' },
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(tls !== undefined && { cert: tls.cert, key: tls.key }),
    onRcptTo: ({ address }, session, done) => {
      if (!isForDesk(address, deskAddress)) return done(reply(550, 'No such mailbox here'));
      // More than one would be the same mail twice, in one conversation.
      const isMore = session.envelope.rcptTo.length >= RECIPIENTS_MAX;
      return done(isMore ? reply(452, 'One recipient at a time') : undefined);
    },
    onData: (stream, session, done) => {
      receive(options, stream, session).then(
        (fault) => done(fault),
        (error: unknown) => {
          log.error({ err: error }, 'mail that came in could not be stored');
          stream.resume();
          done(reply(REPLIES.broken.code, REPLIES.broken.text));
        },
      );
    },
  });
  server.on('error', (error) => log.warn({ err: error }, 'mail that comes in'));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.server.address() as AddressInfo;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function receive(
  { spool, taken }: SmtpInOptions,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<Error | undefined> {
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const recipient = envelope.rcptTo[0]?.address ?? '';
  const taking = await spool.take(stream as AsyncIterable<Buffer>, { sender, recipient });
  if (taking === 'taken') {
    taken();
    return undefined;
  }
  stream.resume();
  return reply(REPLIES[taking].code, REPLIES[taking].text);
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** `help@example.it` and `help+anything@example.it`, in whatever case. */
export function isForDesk(address: string, deskAddress: string): boolean {
  const [name = '', domain = ''] = deskAddress.toLowerCase().split('@');
  const given = address.toLowerCase();
  const at = given.lastIndexOf('@');
  if (given.slice(at + 1) !== domain) return false;
  const local = given.slice(0, at);
  return local === name || local.startsWith(`${name}+`);
}
