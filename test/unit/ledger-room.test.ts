/** Room for a commit is looked for before it; on a real full disk in test/fault. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkRoom, NoRoom } from '#engine/ledger/room.ts';

describe('a commit', () => {
  it('that fits is let through', () => {
    expect(() => checkRoom(tmpdir(), [{ length: 16_000 }, { length: 300 }])).not.toThrow();
  });

  it('that is larger than the disk is refused as a full disk is', () => {
    const huge = () => checkRoom(tmpdir(), [{ length: 2 ** 52 }]);
    expect(huge).toThrow(NoRoom);
    expect(huge).toThrow(expect.objectContaining({ code: 28 }));
  });
});
