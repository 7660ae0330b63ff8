/**
 * Where a person goes after logging in: first replace a one-time password, then back to where
 * they came from, else to the first screen of their role.
 */
import type { Account } from '#protocol/portal-api.ts';
import { navigate } from '../router.ts';

export async function goTo(account: Account, next: string | null): Promise<void> {
  if (account.mustChangePassword) {
    await navigate('/password', { replace: true, search: next ? { next } : {} });
  } else if (next) {
    await navigate(next as '/', { replace: true });
  } else {
    await navigate(firstScreen(account), { replace: true });
  }
}

function firstScreen(account: Account): '/' | '/admin' | '/applications' {
  if (account.role === 'admin') return '/admin';
  return account.role === 'applicant' ? '/applications' : '/';
}
