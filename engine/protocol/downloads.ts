/**
 * Builds of the mini-client, as their maker leaves them and as the portal tells of them.
 */
import { type Static, Type } from '@sinclair/typebox';

/** One executable file. */
export const MiniClientBuild = Type.Object({
  /** Of the file, without a folder. */
  name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$' }),
  /** `linux-x64`, `linux-arm64`, `win-x64`, `darwin-arm64`, `darwin-x64`. */
  target: Type.String(),
  version: Type.String(),
  sizeBytes: Type.Integer({ minimum: 0 }),
  /** Of the file, in hex. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
export type MiniClientBuild = Static<typeof MiniClientBuild>;
export const MiniClientBuilds = Type.Array(MiniClientBuild);

export const Download = Type.Composite([MiniClientBuild, Type.Object({ url: Type.String() })]);
export type Download = Static<typeof Download>;
export const DownloadsAnswer = Type.Object({ downloads: Type.Array(Download) });
export type DownloadsAnswer = Static<typeof DownloadsAnswer>;
