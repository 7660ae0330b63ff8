/**
 * The files of attachments, read from the disk: each has the length and the SHA-256 that its row
 * says, and every version names in its canonical text exactly the files it is known to have.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { type AttachedFiles, readAttachedFiles } from '#engine/store/database/index.ts';
import { attachmentPath, type DataDirectory } from '#engine/store/index.ts';

export interface AttachmentsReport {
  readonly files: number;
  readonly bytes: number;
  readonly violations: readonly object[];
}

/** O(bytes). Changes nothing. A database that cannot be read is one violation. */
export async function verifyAttachments(directory: DataDirectory): Promise<AttachmentsReport> {
  const report = { files: 0, bytes: 0, violations: [] as object[] };
  let rows: AttachedFiles | undefined;
  try {
    rows = readAttachedFiles(directory.database);
    if (rows !== undefined) await check(rows, directory, report);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    report.violations.push({ code: 'DATABASE_UNREADABLE', detail });
  } finally {
    rows?.close();
  }
  return report;
}

async function check(
  rows: AttachedFiles,
  directory: DataDirectory,
  report: { files: number; bytes: number; violations: object[] },
): Promise<void> {
  for (const { id, of, owner, ...said } of rows.files()) {
    report.files += 1;
    report.bytes += said.bytes;
    const path = attachmentPath(directory.attachments, id);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    const where = { attachment: id, [of]: owner };
    if (size === undefined) report.violations.push({ code: 'ATTACHMENT_FILE_MISSING', ...where });
    else if (size !== said.bytes || (await hashOf(path)) !== said.sha256) {
      report.violations.push({ code: 'ATTACHMENT_FILE_DAMAGED', ...where });
    }
  }
  for (const version of rows.namedOtherwise()) {
    report.violations.push({ code: 'VERSION_NAMES_OTHER_FILES', ...version });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
