/**
 * `npm run test:imap`: the help desk's mailbox on a real IMAP server (Dovecot, on loopback, in a
 * directory of its own). Mails lie in it as a mail server delivered them; the portal must make
 * tickets of them once, leave what is too large, and go on after the server was away.
 *
 * Exit status 0 when all of that held, 1 when not, 2 for wrong usage or without Dovecot
 * (Debian: dovecot-imapd).
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorld, type World } from '#test/contract/portal-world.ts';

const HELP = `npm run test:imap

Exit status 0 when mails became tickets as they should, 1 when not, 2 for wrong usage or without
Dovecot (Debian: apt-get install dovecot-imapd).
`;
const TRIES = 100;
const PAUSE_MS = 100;
const LARGE_BYTES = 11 * 1024 ** 2;

interface Mailbox {
  readonly url: string;
  readonly maildir: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function configuration(root: string, port: number): string {
  return `base_dir = ${root}/run
log_path = ${root}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 0
mail_location = maildir:${root}/maildir
passdb {
  driver = static
  args = password=geheim
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=${root}/home
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
}

/** A server whose one mailbox belongs to nobody, in the words of the system. */
async function dovecot(root: string): Promise<Mailbox> {
  const port = await freePort();
  for (const folder of ['run', 'home', 'maildir/new', 'maildir/cur', 'maildir/tmp']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'dovecot.conf'), configuration(root, port));
  chmodSync(root, 0o755);
  spawnSync('chown', ['-R', '65534:65534', join(root, 'maildir'), join(root, 'home')]);
  let child: ChildProcess | undefined;
  return {
    url: `imap://aiuto:geheim@127.0.0.1:${port}/INBOX`,
    maildir: join(root, 'maildir'),
    start: async () => {
      child = spawn('dovecot', ['-F', '-c', join(root, 'dovecot.conf')], { stdio: 'inherit' });
      for (let tries = 0; tries < TRIES && !(await answers(port)); tries += 1)
        await sleep(PAUSE_MS);
    },
    stop: async () => {
      if (child === undefined) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

let delivered = 0;

function deliver(maildir: string, text: string): void {
  delivered += 1;
  const path = join(maildir, 'new', `${1_300_000_000 + delivered}.M${delivered}.host`);
  writeFileSync(path, text.replaceAll('\n', '\r\n'), { mode: 0o666 });
}

const mailOf = (subject: string, from = 'maria@example.it', body = 'Buongiorno') =>
  `Return-Path: <${from}>\nFrom: Maria <${from}>\nTo: aiuto@clickday.example\nSubject: ${subject}\nMessage-ID: <${subject}@example.it>\n\n${body}\n`;

const subjects = ({ database }: World) =>
  database
    .all(database.build.selectFrom('tickets').select('subject').orderBy('id'))
    .map(({ subject }) => subject);

async function play(world: World, mailbox: Mailbox): Promise<void> {
  const settle = () => world.portal.mailbox?.settle();
  deliver(mailbox.maildir, mailOf('primo'));
  deliver(mailbox.maildir, mailOf('secondo', 'ugo@example.net'));
  deliver(mailbox.maildir, mailOf('grande', 'ugo@example.net', 'x'.repeat(LARGE_BYTES)));
  deliver(mailbox.maildir, mailOf('terzo', 'eva@example.net'));
  await settle();
  assert.deepEqual(subjects(world), ['primo', 'secondo', 'terzo']);
  const flags = readdirSync(join(mailbox.maildir, 'cur')).map((name) => name.split(',').at(-1));
  assert.deepEqual(flags.sort(), ['FS', 'S', 'S', 'S'], 'read, the large one flagged');
  await settle();
  assert.equal(subjects(world).length, 3, 'nothing is fetched twice');
  deliver(mailbox.maildir, mailOf('primo'));
  await settle();
  assert.equal(subjects(world).length, 3, 'the same mail counts once');
  await mailbox.stop();
  await settle();
  await mailbox.start();
  deliver(mailbox.maildir, mailOf('quarto', 'ida@example.net'));
  await settle();
  assert.deepEqual(subjects(world), ['primo', 'secondo', 'terzo', 'quarto']);
}

async function main(): Promise<number> {
  const [word] = process.argv.slice(2);
  if (word !== undefined) {
    process.stdout.write(HELP);
    return word === '--help' ? 0 : 2;
  }
  if (spawnSync('dovecot', ['--version']).status !== 0) {
    process.stderr.write('test:imap: there is no Dovecot: apt-get install dovecot-imapd\n');
    return 2;
  }
  const root = mkdtempSync(join(tmpdir(), 'clickday-imap-'));
  const mailbox = await dovecot(root);
  await mailbox.start();
  const imap = { url: mailbox.url, pauseMs: 3_600_000 };
  const own = { deskAddress: 'aiuto@clickday.example', ownAddress: 'no-reply@clickday.example' };
  const world = await openWorld({ mailbox: { ...own, imap, authserv: '' } });
  try {
    await play(world, mailbox);
    process.stdout.write('test:imap: mails became tickets as they should\n');
    return 0;
  } catch (error) {
    process.stderr.write(`test:imap: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    await world.close();
    await mailbox.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

process.exitCode = await main();
