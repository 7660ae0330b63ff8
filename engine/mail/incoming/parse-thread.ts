/** The thread that reads mails: a path in, what the mail says out. It may die of a mail. */
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { parseMail } from './parse.ts';
import type { ParseAnswer } from './parser.ts';

async function read(path: string): Promise<ParseAnswer> {
  try {
    return { mail: await parseMail(await readFile(path)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', async (path: string) => {
  parentPort?.postMessage(await read(path));
});
