/**
 * The door of the forms: what a form is and how its answers are checked, in Node and in a browser.
 *
 * Pure: no clock, no disk, no eval. The UI checks with it for comfort, the portal because it must.
 */
export * from './codice-fiscale.ts';
export * from './conditions.ts';
export { isDay } from './dates.ts';
export * from './definition.ts';
export { isEmail } from './fields.ts';
export * from './tables.ts';
export * from './validation.ts';
