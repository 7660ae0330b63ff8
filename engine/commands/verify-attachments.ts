/**
 * The files of attachments, read from the disk: each has the length and the SHA-256 that its row
 * says, and every version names in its canonical text exactly the files it is known to have.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readAttachedFiles } from '#engine/store/database/index.ts';
import { attachmentPath, type DataDirectory } from '#engine/store/index.ts';

export interface AttachmentsReport {
  readonly files: number;
  readonly bytes: number;
  readonly violations: readonly object[];
}

/** O(bytes). Changes nothing. */
export async function verifyAttachments(directory: DataDirectory): Promise<AttachmentsReport> {
  const rows = readAttachedFiles(directory.database);
  if (rows === undefined) return { files: 0, bytes: 0, violations: [] };
  const violations: object[] = [];
  let files = 0;
  let bytes = 0;
  try {
    for (const { id, application, ...said } of rows.files()) {
      files += 1;
      bytes += said.bytes;
      const path = attachmentPath(directory.attachments, id);
      const size = statSync(path, { throwIfNoEntry: false })?.size;
      const where = { attachment: id, application };
      if (size === undefined) violations.push({ code: 'ATTACHMENT_FILE_MISSING', ...where });
      else if (size !== said.bytes || (await hashOf(path)) !== said.sha256) {
        violations.push({ code: 'ATTACHMENT_FILE_DAMAGED', ...where });
      }
    }
    for (const version of rows.namedOtherwise()) {
      violations.push({ code: 'VERSION_NAMES_OTHER_FILES', ...version });
    }
  } finally {
    rows.close();
  }
  return { files, bytes, violations };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
