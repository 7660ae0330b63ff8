/**
 * Whether a mail is from the address it says, by the word of the mail server in front (RFC 8601).
 * Anybody can write such a line into a mail; only those under the configured name count, which that
 * server takes out of whatever comes in. Without that name nothing is ever proven.
 */

const PASSES = /^(dmarc|dkim|spf)\s*=\s*pass\b/i;
const PROPERTY = { dmarc: 'header.from', dkim: 'header.d', spf: 'smtp.mailfrom' } as const;

export function isAuthentic(
  results: readonly string[],
  about: { readonly address: string; readonly authserv: string },
): boolean {
  if (about.authserv === '') return false;
  const domain = about.address.slice(about.address.lastIndexOf('@') + 1).toLowerCase();
  return results.some((line) => {
    const [server = '', ...statements] = bare(line).split(';');
    const name = server.trim().split(/\s+/)[0]?.toLowerCase();
    return name === about.authserv.toLowerCase() && statements.some((one) => passes(one, domain));
  });
}

function passes(statement: string, domain: string): boolean {
  const text = statement.trim();
  const method = PASSES.exec(text)?.[1]?.toLowerCase() as keyof typeof PROPERTY | undefined;
  if (method === undefined) return false;
  const property = new RegExp(`\\s${PROPERTY[method].replace('.', '\\.')}\\s*=\\s*(\\S+)`, 'i');
  const value = property.exec(text)?.[1]?.toLowerCase() ?? '';
  const proven = value.slice(value.lastIndexOf('@') + 1);
  return proven === domain;
}

/** Without comments and quoted texts, in which the sender may have a say. */
function bare(line: string): string {
  let [depth, isQuoted, text] = [0, false, ''];
  for (const sign of line.replace(/\\./gs, '')) {
    if (sign === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (sign === '(') depth += 1;
    else if (sign === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) text += sign;
  }
  return text;
}
