/** Tables of what the web application shows to everybody. */

/** A notice of the administrators, shown from `from_us` until before `until_us`. */
export interface NoticesTable {
  id: string;
  text_it: string;
  text_en: string;
  severity: string;
  from_us: number;
  until_us: number;
  created_at_us: number;
  updated_at_us: number;
}
