/** What each tool of the help desk is made of. */
import type { Clock, Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';

export interface ToolParts {
  readonly database: Database;
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly random: Random;
  readonly audit: Audit;
}

export interface JobParts extends ToolParts {
  readonly mail: Pick<MailRoom, 'enqueue' | 'wake'>;
  readonly timers: Timers;
  readonly log: Log;
}
