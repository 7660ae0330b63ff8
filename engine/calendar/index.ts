/** The door of the calendar as it lies on disk, signed: for gates, and for those who verify. */
export {
  type ClickDayWindow,
  EMPTY_NOTICE,
  followNotice,
  type Notice,
  type NoticeFiles,
  type NoticePaths,
  type PublishedCalendar,
  readNotice,
  readPublishedCalendar,
  windowOf,
} from './notice.ts';
