/** What the gates say of themselves, for the control room. A gate that is silent says so too. */

const ANSWER_WITHIN_MS = 1000;

/** Asks each gate's `/health`; never rejects. `urls` are WebSocket addresses. */
export function gateHealth(urls: readonly string[]): Promise<{ id: string; health: unknown }[]> {
  return Promise.all(
    urls.map(async (url) => {
      const health = new URL('/health', url.replace(/^ws/, 'http'));
      try {
        const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
        const answer = (await (await fetch(health, { signal })).json()) as { gate?: string };
        return { id: answer.gate ?? url, health: answer };
      } catch {
        return { id: url, health: { status: 'unreachable' } };
      }
    }),
  );
}
