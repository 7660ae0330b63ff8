/** The table of rehearsal windows as a type; its text is in `steps/rehearsals.ts`. */
export interface RehearsalWindowsTable {
  id: string;
  opens_at_us: number;
  closes_at_us: number;
  suspended: 0 | 1;
  updated_at_us: number;
}
