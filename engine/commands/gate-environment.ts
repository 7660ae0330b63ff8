/**
 * What a gate is started with beside its configuration: words to the native libraries below it,
 * which read them when they are loaded and never again.
 */

/** A passbook of 500 lines in `Authorization` is about 95 KB (uWebSockets.js). */
const HEADERS_BYTES_MAX = 256 * 1024;

/**
 * From this size on, memory is mapped, and given back the moment it is freed (mallopt(3); other C
 * libraries than glibc ignore it). Left alone, glibc raises this from 128 KiB to the largest piece
 * ever freed. The frames of a crowd then come from the heap, and where the heap cannot grow in one
 * piece (V8 sometimes lays its code right behind it) it never shrinks: a gate that was crowded once
 * would refuse newcomers for ever. Not smaller: 2 GiB of such pieces, the usual limit of the gate's
 * memory, are 32,768 maps, and the kernel gives a process 65,530.
 */
const MAPPED_BYTES_MIN = 64 * 1024;

export const GATE_ENVIRONMENT = {
  UWS_HTTP_MAX_HEADERS_SIZE: String(HEADERS_BYTES_MAX),
  MALLOC_MMAP_THRESHOLD_: String(MAPPED_BYTES_MIN),
} as const;
