/**
 * Which address shows which page. Everything but the home page and the ways in is loaded when it
 * is first needed. Who may see a page is decided by `components/guard.svelte` inside the page.
 */
import { createRouter } from 'sv-router';
import HomePage from './features/home/home-page.svelte';
import NotFoundPage from './features/information/not-found-page.svelte';

export const { navigate, isActive, route } = createRouter({
  '/': HomePage,
  '/register': () => import('./features/accounts/register-page.svelte'),
  '/confirm': () => import('./features/accounts/confirm-page.svelte'),
  '/login': () => import('./features/accounts/login-page.svelte'),
  '/password': () => import('./features/accounts/password-page.svelte'),
  '/setup': () => import('./features/accounts/setup-page.svelte'),
  '/reset': () => import('./features/accounts/reset-page.svelte'),
  '/address': () => import('./features/accounts/link-page.svelte'),
  '/address-undo': () => import('./features/accounts/link-page.svelte'),
  '/keep': () => import('./features/accounts/link-page.svelte'),
  '/openid/return': () => import('./features/openid/return-page.svelte'),
  '/openid/link': () => import('./features/openid/link-page.svelte'),
  '/device': () => import('./features/devices/device-page.svelte'),
  '/account': () => import('./features/accounts/account-page.svelte'),
  '/account/address': () => import('./features/accounts/address-page.svelte'),
  '/account/second-factor': () => import('./features/accounts/second-factor-page.svelte'),
  '/account/sessions': () => import('./features/accounts/sessions-page.svelte'),
  '/account/delete': () => import('./features/accounts/deletion-page.svelte'),
  '/admin/second-factor': () => import('./features/accounts/staff-reset-page.svelte'),
  '/applications': () => import('./features/applications/applications-page.svelte'),
  '/applications/new': () => import('./features/applications/new-application-page.svelte'),
  '/applications/import': () => import('./features/imports/imports-page.svelte'),
  '/applications/import/:id': () => import('./features/imports/import-page.svelte'),
  '/models/:code/checklist': () => import('./features/applications/checklist-page.svelte'),
  '/applications/:id': () => import('./features/applications/application-page.svelte'),
  '/applications/:id/pages/:page': () => import('./features/forms/form-page.svelte'),
  '/applications/:id/documents': () => import('./features/documents/documents-page.svelte'),
  '/applications/:id/preview': () => import('./features/drafting/reading-page.svelte'),
  '/applications/:id/review': () => import('./features/forms/review-page.svelte'),
  '/organisation': () => import('./features/organisations/organisation-page.svelte'),
  '/organisation/accounts/new': () =>
    import('./features/organisations/accounts-request-page.svelte'),
  '/organisation/members/:id': () => import('./features/organisations/member-page.svelte'),
  '/operator/requests': () => import('./features/organisations/queue-page.svelte'),
  '/mini-client': () => import('./features/mini-client/mini-client-page.svelte'),
  '/admin': () => import('./features/admin/control-room-page.svelte'),
  '/admin/click-days': () => import('./features/admin/click-days-page.svelte'),
  '/admin/click-days/new': () => import('./features/admin/click-day-page.svelte'),
  '/admin/click-days/:id': () => import('./features/admin/click-day-page.svelte'),
  '/admin/mail': () => import('./features/admin/outbox-page.svelte'),
  '/admin/mail/:id': () => import('./features/admin/mail-page.svelte'),
  '/search': () => import('./features/search/search-page.svelte'),
  '/ranking': () => import('./features/ranking/ranking-page.svelte'),
  '/verify': () => import('./features/verify/verify-page.svelte'),
  '/help': () => import('./features/information/help-page.svelte'),
  '/accessibility': () => import('./features/information/accessibility-page.svelte'),
  '/privacy': () => import('./features/information/privacy-page.svelte'),
  '*': NotFoundPage,
});
