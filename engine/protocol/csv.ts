/**
 * One field of a CSV file (RFC 4180). A text that a spreadsheet would take for a formula gets an
 * apostrophe before it (OWASP ASVS 1.2.10); numbers are left as they are. A field that holds the
 * `separator` is quoted.
 */
export function csvField(value: unknown, separator = ','): string {
  const plain = value === null || value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  const isQuoted = /["\r\n]/.test(safe) || safe.includes(separator);
  return isQuoted ? `"${safe.replaceAll('"', '""')}"` : safe;
}
