/**
 * Reads mails in a thread of its own with bounded memory: the portal's event loop hands over a
 * path and takes back text. One mail at a time. A thread that says nothing for 20 s is ended, one
 * that dies is replaced; the mail is then unreadable.
 */
import { Worker } from 'node:worker_threads';
import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { ParsedMail } from './parsed-mail.ts';

export interface ParseAnswer {
  readonly mail?: ParsedMail;
  readonly error?: string;
}

export interface Parser {
  /** What the file says; rejects with UnreadableMail. One call at a time. */
  parse(path: string): Promise<ParsedMail>;
  close(): Promise<void>;
}

export class UnreadableMail extends Error {
  override name = 'UnreadableMail';
}

interface ParserOptions {
  readonly timers: Timers;
  readonly log: Log;
  /** Instead of the thread's own, for tests of threads that hang. */
  readonly thread?: URL;
}

const READING_MS_MAX = 20_000;
/** 10 MB in base64, decoded, as text, as HTML. */
const RESOURCES = { maxOldGenerationSizeMb: 256 };

export function createParser({ timers, log, thread }: ParserOptions): Parser {
  let worker: Worker | undefined;
  const start = () => {
    const started = new Worker(thread ?? new URL('./parse-thread.ts', import.meta.url), {
      resourceLimits: RESOURCES,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    started.unref();
    started.once('exit', () => {
      if (worker === started) worker = undefined;
    });
    return started;
  };
  return {
    parse: (path) => {
      worker ??= start();
      const reader = worker;
      return new Promise((resolve, reject) => {
        const end = () => {
          cancel();
          reader.removeAllListeners('message').removeAllListeners('error');
          reader.off('exit', onExit);
        };
        const fail = (reason: string) => {
          end();
          reject(new UnreadableMail(reason));
        };
        const onExit = () => fail('the thread that read it ended');
        const cancel = timers.after(READING_MS_MAX, () => {
          log.error({ path }, 'the thread that reads mails says nothing: it is ended');
          worker = undefined;
          void reader.terminate();
          fail('it took too long to read');
        });
        reader.on('message', ({ mail, error }: ParseAnswer) => {
          if (mail === undefined) return fail(error ?? 'nothing was read');
          end();
          resolve(mail);
        });
        reader.on('error', (error) => {
          worker = undefined;
          fail(error.message);
        });
        reader.on('exit', onExit);
        reader.postMessage(path);
      });
    },
    close: async () => {
      const open = worker;
      worker = undefined;
      await open?.terminate();
    },
  };
}
