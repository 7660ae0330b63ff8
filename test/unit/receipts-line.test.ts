/** The line to a workshop of receipts in another process: orders, looks, and the other's end. */
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import {
  serveWorkshop,
  type Workshop,
  type WorkshopLine,
  workshopOver,
} from '#engine/receipts/index.ts';
import { entryOf } from '#test/support/register-entries.ts';

const BOUNDS = { batchSize: 5, callsMax: 2 };
const TEMPLATE = 'hash';

/** What it makes of an order are its places; `change` is what it does otherwise. */
function workshopOf(change: Partial<Workshop> = {}): Workshop {
  return {
    ...BOUNDS,
    look: () => false,
    provenSeq: () => Number.POSITIVE_INFINITY,
    troubles: () => [],
    make: async ({ items }) => ({
      made: items.map(({ place }) => ({ place, template: TEMPLATE, packed: Buffer.of(place) })),
      refused: [],
      templates: new Map([[TEMPLATE, Buffer.from('bytes')]]),
    }),
    close: async () => undefined,
    ...change,
  };
}

/** Processes at the other end, one after the other; messages cross as bytes. */
function otherProcesses(workshop: () => Workshop, options: { isReady?: () => boolean } = {}) {
  const asked: { kind: string }[] = [];
  let started = 0;
  let die: (reason: string) => void = () => undefined;
  const flush = () => new Promise<void>((resolve) => setImmediate(resolve));
  const open = (): WorkshopLine => {
    started += 1;
    let toThem: (message: unknown) => void = () => undefined;
    let toUs: (message: unknown) => void = () => undefined;
    let isGone = false;
    const cross = (message: unknown, hear: () => (message: unknown) => void) => {
      const bytes = serialize(message);
      setImmediate(() => {
        if (!isGone) hear()(deserialize(bytes));
      });
    };
    const theirs = {
      send: (message: unknown) => cross(message, () => toUs),
      onMessage: (hear: (message: unknown) => void) => {
        toThem = hear;
      },
    };
    if (options.isReady?.() !== false) {
      serveWorkshop({
        workshop: workshop(),
        line: theirs,
        timers: systemTimers(),
        log: silentLog(),
      });
    }
    return {
      send: (message) => {
        asked.push(message as { kind: string });
        cross(message, () => toThem);
      },
      onMessage: (hear) => {
        toUs = hear;
      },
      onEnd: (ended) => {
        die = (reason) => {
          isGone = true;
          ended(reason);
        };
      },
      end: async () => die('ended'),
    };
  };
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn += 1) await flush();
  };
  return { open, asked, turns, started: () => started, die: (reason: string) => die(reason) };
}

const ORDER = {
  items: [1, 2].map((place) => ({ place, entry: entryOf('g1', place) })),
  ...{ knownTemplates: [], publicUrl: 'https://clickday.example.org' },
  ...{ sealedAtUs: 7, rehearsal: false },
};
/** More turns of the event loop than anything here takes. */
const ENOUGH = 12;

describe('a workshop in another process', () => {
  it('is started by the first order, and gives back the work as bytes', async () => {
    const orders: unknown[] = [];
    const own = workshopOf();
    const make: Workshop['make'] = (order) => {
      orders.push(order);
      return own.make(order);
    };
    const others = otherProcesses(() => workshopOf({ make }));
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    expect(others.started()).toBe(0);
    const work = await far.make(ORDER);
    expect(orders).toEqual([ORDER]);
    expect(work.made.map(({ place }) => place)).toEqual([1, 2]);
    expect('packed' in work.made[1]! && [...work.made[1].packed]).toEqual([2]);
    expect(Buffer.from(work.templates.get(TEMPLATE)!).toString()).toBe('bytes');
    await far.make(ORDER);
    expect(others.started()).toBe(1);
  });

  it('keeps answers apart when the later order is done first', async () => {
    const held: (() => void)[] = [];
    const own = workshopOf();
    const make: Workshop['make'] = async (order) => {
      if (order.items.length === 2) await new Promise<void>((resolve) => held.push(resolve));
      return own.make(order);
    };
    const others = otherProcesses(() => workshopOf({ make }));
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    const first = far.make(ORDER);
    const second = await far.make({ ...ORDER, items: ORDER.items.slice(1) });
    expect(second.made.map(({ place }) => place)).toEqual([2]);
    held.shift()!();
    expect((await first).made.map(({ place }) => place)).toEqual([1, 2]);
  });

  it('hears what is proven, look by look until there is no more, and asks once meanwhile', async () => {
    const sizes = [3, 8, 9];
    let proven = 0;
    const look = () => {
      proven = sizes.shift()!;
      return sizes.length > 0;
    };
    const troubles = () => [{ gate: 'g2', reason: 'NOT_SIGNED' }];
    const provenSeq = (gate: string) => (gate === 'g1' ? proven : 0);
    const others = otherProcesses(() => workshopOf({ look, provenSeq, troubles }));
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    expect(far.provenSeq('g1')).toBe(0);
    far.look();
    far.look();
    await others.turns(ENOUGH);
    expect(others.asked.map(({ kind }) => kind)).toEqual(['look']);
    expect(far.provenSeq('g1')).toBe(9);
    expect(far.troubles()).toEqual(troubles());
    sizes.push(12);
    far.look();
    await others.turns(ENOUGH);
    expect(far.provenSeq('g1')).toBe(12);
  });

  it('is asked again after a look that failed', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      throw new Error('the disk cannot be read');
    };
    const others = otherProcesses(() => workshopOf({ look }));
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    far.look();
    await others.turns(ENOUGH);
    far.look();
    await others.turns(ENOUGH);
    expect(looks).toBe(2);
  });

  it('rejects an order that cannot be worked on, with the reason', async () => {
    const make = () => Promise.reject(new Error('the database is locked'));
    const others = otherProcesses(() => workshopOf({ make }));
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    await expect(far.make(ORDER)).rejects.toThrow('the database is locked');
  });

  it('knows nothing of the orders it died with, and is started again', async () => {
    let isHanging = true;
    const make: Workshop['make'] = (order) =>
      isHanging ? new Promise(() => undefined) : workshopOf().make(order);
    const others = otherProcesses(() => workshopOf({ make }));
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    const work = far.make(ORDER);
    await others.turns(ENOUGH);
    others.die('its process ended (SIGKILL)');
    expect(await work).toMatchObject({
      made: [],
      refused: [],
      died: 'its process ended (SIGKILL)',
    });
    isHanging = false;
    expect((await far.make(ORDER)).made.length).toBe(2);
    expect(others.started()).toBe(2);
  });

  it('looks before it makes when it was started anew, and what was proven stays so', async () => {
    const anew = (): Workshop => {
      const sizes = [1, 2];
      let proven = 0;
      return workshopOf({
        look: () => {
          proven = sizes.shift() ?? proven;
          return sizes.length > 0;
        },
        provenSeq: () => proven,
        make: (order) =>
          proven < 2 ? Promise.reject(new Error('unproven')) : workshopOf().make(order),
      });
    };
    const others = otherProcesses(anew);
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    far.provenSeq('g1');
    far.look();
    await others.turns(ENOUGH);
    expect(far.provenSeq('g1')).toBe(2);
    others.die('its process ended (SIGKILL)');
    far.look(); // its first look proves one of the two
    await others.turns(2);
    expect(far.provenSeq('g1')).toBe(2);
    others.die('its process ended (SIGKILL)');
    expect((await far.make(ORDER)).made.length).toBe(2);
    expect(others.started()).toBe(3);
  });

  it('blames no receipt when it does not even start', async () => {
    const others = otherProcesses(workshopOf, { isReady: () => false });
    const far = workshopOver({ bounds: BOUNDS, open: others.open });
    const work = far.make(ORDER);
    others.die('its process ended (1)');
    await expect(work).rejects.toThrow('did not start: its process ended (1)');
  });
});
