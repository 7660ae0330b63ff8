/** Base64 with the standard alphabet (RFC 4648 §4), in Node and browsers alike. */

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** The bytes of canonical base64; undefined when the text is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const units = atob(text);
    if (btoa(units) !== text) return undefined;
    const bytes = new Uint8Array(units.length);
    for (let at = 0; at < units.length; at += 1) bytes[at] = units.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}
