/**
 * Where mail goes: `.eml` files in a folder by default, an SMTP server when one is configured.
 *
 * Both are nodemailer, so a file holds byte for byte what a server would have been given. An SMTP
 * server gets mail over a small pool of connections with bounded waits.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Letter } from './letter.ts';

export interface Transport {
  /** True when a sent mail should stay readable in the outbox: nobody else has it. */
  readonly keepText: boolean;
  /** Resolves when the other side has it; rejects when it has not, or when that is unknown. */
  deliver(id: string, letter: Letter): Promise<void>;
  /** Removes what it keeps of that mail, if anything. */
  forget(id: string): void;
  close(): void;
}

const SMTP_WAIT_MS = 15_000;

/** Writes each mail to `<id>.eml` in `directory`, whole or not at all. */
export function fileTransport(directory: string, from: string): Transport {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    keepText: true,
    async deliver(id, letter) {
      const composed = await composer.sendMail(composedOf(id, from, letter));
      const path = join(directory, `${id}.eml`);
      await writeFile(`${path}.part`, composed.message as Buffer, { mode: 0o600 });
      await rename(`${path}.part`, path);
    },
    forget: (id) => rmSync(join(directory, `${id}.eml`), { force: true }),
    close: () => composer.close(),
  };
}

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, credentials in it when needed. */
  readonly url: string;
  readonly from: string;
  readonly connections: number;
}

/** Hands mails to a server. */
export function smtpTransport({ url, from, connections }: SmtpOptions): Transport {
  const server = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    connectionTimeout: SMTP_WAIT_MS,
    greetingTimeout: SMTP_WAIT_MS,
    socketTimeout: SMTP_WAIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    keepText: false,
    async deliver(id, letter) {
      await server.sendMail(composedOf(id, from, letter));
    },
    forget: () => undefined,
    close: () => server.close(),
  };
}

/** What comes back undelivered goes where answers go: there its ticket hears of it. */
function composedOf(id: string, from: string, { threading = {}, ...letter }: Letter) {
  const { messageId = `<${id}@clickday>`, inReplyTo, references, replyTo, automatic } = threading;
  return {
    ...{ from, ...letter, messageId },
    ...(inReplyTo && { inReplyTo }),
    ...(references && references.length > 0 && { references: [...references] }),
    ...(replyTo && { replyTo, envelope: { from: replyTo, to: letter.to } }),
    ...(automatic && {
      headers: { 'Auto-Submitted': automatic, 'X-Auto-Response-Suppress': 'All' },
    }),
  };
}
