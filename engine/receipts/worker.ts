/**
 * The entry of a pool thread. One maker a thread, so that templates are built once; a receipt that
 * cannot be made is answered by name and does not spoil the others of its batch.
 */
import { threadId } from 'node:worker_threads';
import { workerData } from 'piscina';
import { packReceipt, type ReceiptBytes } from '#engine/register/index.ts';
import type { ReceiptInput, RefusedReceipt } from './facts.ts';
import { createReceiptMaker } from './maker.ts';
import type { SealMaterial } from './seal/material.ts';

/** What a thread is asked. `knownTemplates` are hashes the asker has stored already. */
export interface ReceiptTask {
  readonly inputs: readonly ReceiptInput[];
  readonly knownTemplates: readonly string[];
  /** Where the thread writes its number when it begins, so that its time can be counted. */
  readonly thread?: Int32Array;
}

export interface ReceiptTaskResult {
  /** Packed as they will lie on disk: the portal's own thread has better things to do. */
  readonly made: readonly ReceiptBytes[];
  readonly refused: readonly RefusedReceipt[];
  /** Bytes by hash, of templates that `made` refers to and the asker did not know. */
  readonly templates: ReadonlyMap<string, Uint8Array>;
}

/** What a thread is started with; nobody prints it. */
export interface ReceiptThreadData {
  readonly seal: SealMaterial;
}

const maker = createReceiptMaker((workerData as ReceiptThreadData).seal);

export default async function makeReceipts(task: ReceiptTask): Promise<ReceiptTaskResult> {
  if (task.thread) task.thread[0] = threadId;
  const made: ReceiptBytes[] = [];
  const refused: RefusedReceipt[] = [];
  const templates = new Map<string, Uint8Array>();
  for (const input of task.inputs) {
    try {
      const { place, template, appended } = await maker.make(input);
      const bytes = maker.template(template)!;
      made.push({ place, template, packed: packReceipt(appended, bytes) });
      if (!task.knownTemplates.includes(template)) templates.set(template, bytes);
    } catch (error) {
      refused.push({ place: input.place, reason: String(error) });
    }
  }
  return { made, refused, templates };
}
