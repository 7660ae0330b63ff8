/**
 * Which files the desk takes, said before anything is sent. The portal looks into the file itself
 * and has the last word.
 */
import { TICKET_ATTACHMENTS_MAX } from '#protocol/helpdesk-api.ts';

export const FILE_BYTES_MAX = 2 * 1024 * 1024;
export const FILE_TYPES = '.pdf,.jpg,.jpeg,.png,.txt,.log';

export type FileRefusal = 'type' | 'empty' | 'size' | 'count';

/** Why a file is not taken beside so many others of its message; null when it is. */
export function refusalOf(
  file: { name: string; size: number },
  others: number,
): FileRefusal | null {
  if (others >= TICKET_ATTACHMENTS_MAX) return 'count';
  const ending = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? '';
  if (!FILE_TYPES.split(',').includes(ending)) return 'type';
  if (file.size === 0) return 'empty';
  return file.size > FILE_BYTES_MAX ? 'size' : null;
}
