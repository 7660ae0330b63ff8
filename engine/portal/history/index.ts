/** The door of the earlier years: their applications, read from files into the search. */
export {
  HistoryColumnsWrong,
  type HistoryProgress,
  type HistoryTally,
  importHistory,
} from './import.ts';
