/** The outside world of mail: a server that takes what the portal sends, and people who write. */
import type { AddressInfo } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

export interface OutsideMail {
  /** For CLICKDAY_SMTP_URL. */
  readonly url: string;
  /** Everything received, oldest first. */
  readonly received: ReceivedMail[];
  close(): Promise<void>;
}

export interface ReceivedMail {
  readonly envelopeFrom: string;
  readonly to: string;
  readonly raw: string;
  /** Its value, unfolded; empty when it has none. */
  header(name: string): string;
}

/** `isCounting`: what comes is not kept. */
export async function outsideMail({ isCounting = false } = {}): Promise<OutsideMail> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
    onData: (stream, session, done) => {
      if (isCounting) {
        stream.resume();
        stream.on('end', () => done());
        return;
      }
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString();
        const head = raw.split('\r\n\r\n')[0]?.replace(/\r\n[ \t]+/g, ' ') ?? '';
        received.push({
          envelopeFrom: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo[0]?.address ?? '',
          raw,
          header: (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '',
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Sends a mail to the server at `address` (`host:port`); resolves with what it said. */
export async function writeMail(address: string, mail: SendMailOptions): Promise<string> {
  const transport = createTransport({
    url: `smtp://${address}`,
    tls: { rejectUnauthorized: false },
  });
  try {
    return (await transport.sendMail(mail)).response;
  } finally {
    transport.close();
  }
}

/** The words of a mail as it came, whatever it is encoded in. */
export function wordsOf(raw: string): string {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  const soft = text.replace(/=\r\n/g, '').replace(/\r\n/g, '\n');
  const bytes = soft.replace(/=([0-9A-F]{2})/g, (_all, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return /quoted-printable/i.test(head) ? Buffer.from(bytes, 'latin1').toString() : soft;
}

/** Lets `world.letter` read what left by SMTP: the portal keeps the words of none. */
export function readLettersOutside(
  world: { letter: (to: string) => Promise<string> },
  outside: OutsideMail,
): void {
  const settled = world.letter;
  world.letter = async (to) => {
    await settled(to);
    return wordsOf(outside.received.findLast((mail) => mail.to === to)?.raw ?? '');
  };
}

/** As a mail program answers: to Reply-To, with the ids, the letter quoted below. */
export function mailAnswer(
  letter: ReceivedMail,
  { from, text }: { readonly from: string; readonly text: string },
): SendMailOptions {
  const quoted = wordsOf(letter.raw).trim().split('\n');
  return {
    from,
    to: letter.header('Reply-To'),
    subject: `Re: ${letter.header('Subject')}`,
    inReplyTo: letter.header('Message-ID'),
    references: `${letter.header('References')} ${letter.header('Message-ID')}`,
    text: `${text}\n\nIl giorno gio 27 gen 2011 alle ore 10:00 Clickday ha scritto:\n${quoted
      .map((line) => `> ${line}`)
      .join('\n')}`,
  };
}
