/**
 * The public log in the gate's AsyncAPI document: HTTP calls (docs/protocol.md §5), each a channel
 * of its own from which anybody may read. Only the call is described here; the formats are C2SP's.
 */

interface Call {
  readonly address: string;
  readonly contentType: string;
  readonly summary: string;
  readonly parameters?: Readonly<Record<string, { description: string }>>;
}

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const n = {
  description:
    'Number of the tile in groups of three digits, all but the last behind an x (x001/x234/067), ' +
    'and for one that is not full .p/ and its width',
};
const level = { description: 'Level of the tile, from 0: the hashes of leaves' };

const CALLS: Readonly<Record<string, Call>> = {
  logCheckpoint: {
    address: '/v1/log/checkpoint',
    contentType: TEXT,
    summary:
      'Size and root as a C2SP signed note, with the cosignatures of witnesses that it has so far',
  },
  logCheckpointCosigned: {
    address: '/v1/log/checkpoint-cosigned',
    contentType: TEXT,
    summary: 'The last checkpoint that a witness has cosigned (C2SP tlog-cosignature); 404: none',
  },
  logTile: {
    address: '/v1/log/tile/{level}/{n}',
    contentType: BYTES,
    summary: 'Hashes of the tree as a C2SP tlog-tile, 32 bytes each; never changes',
    parameters: { level, n },
  },
  logEntries: {
    address: '/v1/log/tile/entries/{n}',
    contentType: BYTES,
    summary: 'Leaves of the tree, each behind its length in two bytes; never changes',
    parameters: { n },
  },
  logKeys: {
    address: '/v1/log/keys',
    contentType: TEXT,
    summary: 'Verifier keys of the log (name+id+key), one a line: to be compared, not believed',
  },
};

const http = { method: 'GET', bindingVersion: '0.3.0' };

/** Channels, operations and messages of the log, by name. */
export function logCalls() {
  const calls = Object.entries(CALLS);
  return {
    channels: Object.fromEntries(
      calls.map(([name, { address, parameters }]) => {
        const messages = { [name]: { $ref: `#/components/messages/${name}` } };
        return [name, { address, messages, ...(parameters && { parameters }) }];
      }),
    ),
    operations: Object.fromEntries(
      calls.map(([name, { summary }]) => {
        const channel = { $ref: `#/channels/${name}` };
        const messages = [{ $ref: `#/channels/${name}/messages/${name}` }];
        return [name, { action: 'send', summary, channel, messages, bindings: { http } }];
      }),
    ),
    messages: Object.fromEntries(
      calls.map(([name, { contentType }]) => [name, { name, contentType }]),
    ),
  };
}
