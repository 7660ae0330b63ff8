/** A notice as the administrator types it, its local checks, and what is sent to the portal. */
import type { Notice, NoticeDraft, NoticeSeverity } from '#protocol/notices-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { instantFromRome, romeWallTime } from '../../i18n/rome-time.ts';
import { noticeTexts } from './texts.ts';

export class NoticeForm {
  textIt = $state('');
  textEn = $state('');
  severity = $state<NoticeSeverity>('info');
  from = $state('');
  until = $state('');

  /** `nowMs` is the official time: a new notice begins now unless another time is typed. */
  constructor(notice: Notice | null, nowMs: number | null) {
    if (nowMs !== null) this.from = romeWallTime(new Date(nowMs).toISOString());
    if (notice === null) return;
    this.textIt = notice.text.it;
    this.textEn = notice.text.en;
    this.severity = notice.severity;
    this.from = romeWallTime(notice.from);
    this.until = romeWallTime(notice.until);
  }

  /** Messages by control id; empty when it can be sent. */
  errors(language: Language): Record<string, string> {
    const t = noticeTexts[language];
    const errors: Record<string, string> = {};
    if (this.textIt.trim() === '') errors.textIt = t.missing(t.textIt);
    if (this.textEn.trim() === '') errors.textEn = t.missing(t.textEn);
    const [from, until] = [instantFromRome(this.from), instantFromRome(this.until)];
    if (from === null) errors.from = t.timeWrong(t.from);
    if (until === null) errors.until = t.timeWrong(t.until);
    if (from !== null && until !== null && until <= from) errors.until = t.orderWrong;
    return errors;
  }

  /** Only after `errors` came back empty. */
  draft(): NoticeDraft {
    return {
      text: { it: this.textIt.trim(), en: this.textEn.trim() },
      severity: this.severity,
      from: instantFromRome(this.from) ?? '',
      until: instantFromRome(this.until) ?? '',
    };
  }
}
