/** People of an organisation for tests: accounts that registered and were put into it. */
import { seededRandom } from '#engine/foundation/random.ts';
import { createStaffAccount } from '#engine/portal/index.ts';
import type { AccountsTable } from '#engine/store/database/index.ts';
import { applicant, type Caller, type World } from '#test/contract/portal-world.ts';

export type MemberRole = 'administrator' | 'sender' | 'preparer' | 'reader';

/** Makes an organisation; gives its id. */
export function organisationOf(world: World, name: string): string {
  const { build, run, first } = world.database;
  const count = first(build.selectFrom('organisations').select((e) => e.fn.countAll().as('n')));
  const id = `01ARZ3NDEKTSV4RRFFQ69G5A${String(Number(count?.n ?? 0)).padStart(2, '0')}`;
  const row = { id, name, kind: 'patronato', tax_code: '00743110157', created_at_us: 0 };
  run(build.insertInto('organisations').values(row));
  return id;
}

/** A caller with a place in the organisation. */
export async function memberOf(
  world: World,
  organisation: string,
  { email, role }: { email: string; role: MemberRole },
): Promise<Caller> {
  const caller = await applicant(world, email);
  putInto(world, email, { organisation, member_role: role, applications_max: null });
  return caller;
}

/** Changes the row of an account. */
export function putInto(world: World, email: string, values: Partial<AccountsTable>): void {
  const { build, run } = world.database;
  run(build.updateTable('accounts').set(values).where('email', '=', email));
}

/** A logged-in operator of the portal. */
export async function operatorOf(
  { database, clock, address, nobody, person }: World,
  role: 'operator' | 'office' = 'operator',
) {
  const random = seededRandom(role, clock);
  const office = role === 'office' ? { office: 'RM' } : {};
  const staff = { email: `${role}@clickday.example`, role, ...office };
  const made = createStaffAccount({ database, clock, random, publicUrl: address }, staff);
  const token = new URL(made.link).searchParams.get('token');
  await nobody.call('POST', '/api/setup', { token, password: 'una parola lunga' });
  return person(staff.email, 'una parola lunga');
}
