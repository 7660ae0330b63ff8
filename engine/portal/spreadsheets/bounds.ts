/**
 * How much a spreadsheet may be. Whoever sends one is not trusted: a file of a few kilobytes can
 * unpack to gigabytes, and one cell can claim to stand in the last column of the last row.
 */
export const bounds = Object.freeze({
  /** Of the file as it is sent. */
  fileBytesMax: 10 * 1024 * 1024,
  /** Of all parts of an XLSX file, unpacked: 5,000 rows of 70 answers have 12 MB. */
  unpackedBytesMax: 200 * 1024 * 1024,
  /** Parts of an XLSX file (sheets, styles, pictures). */
  partsMax: 1000,
  /** Rows that are read, the header counted. */
  rowsMax: 20_000,
  columnsMax: 400,
  cellCharactersMax: 4000,
  /** Heap of the thread that reads or writes; the portal's own is not touched. */
  threadHeapMbMax: 384,
  /** Rows that travel between threads at once: taking them costs the portal a millisecond. */
  batchRows: 50,
  /** Longest silence of the thread. */
  answerMsMax: 60_000,
});
