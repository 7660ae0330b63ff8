/**
 * How many connections an account, an address and the whole gate may have. Counting is all this
 * does; who is over the bound is closed with 4429 by the socket.
 */
import { limits } from '../limits.ts';

export interface Connections {
  /** False when the address or the gate has as many as it may. Then nothing was counted. */
  enter(address: string): boolean;
  leave(address: string, accounts: Iterable<string>): void;
  /** False when the account has as many as it may. Then nothing was counted. */
  bind(account: string): boolean;
  count(): number;
}

export function createConnections(): Connections {
  const addresses = new Map<string, number>();
  const accounts = new Map<string, number>();
  let total = 0;
  return {
    enter: (address) => {
      if (total >= limits.connectionsMax) return false;
      if (!isThisMachine(address)) {
        if ((addresses.get(address) ?? 0) >= limits.connectionsPerAddressMax) return false;
        add(addresses, address, 1);
      }
      total += 1;
      return true;
    },
    leave: (address, bound) => {
      total -= 1;
      if (!isThisMachine(address)) add(addresses, address, -1);
      for (const account of bound) add(accounts, account, -1);
    },
    bind: (account) => {
      if ((accounts.get(account) ?? 0) >= limits.connectionsPerAccountMax) return false;
      add(accounts, account, 1);
      return true;
    },
    count: () => total,
  };
}

/**
 * A load balancer on this machine brings everybody's connections from one address, so loopback has
 * only the bound of the whole gate.
 */
function isThisMachine(address: string): boolean {
  const v4 = /^(?:0000:0000:0000:0000:0000:ffff:7f|127\.)/;
  return v4.test(address) || address === '0000:0000:0000:0000:0000:0000:0000:0001';
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}
