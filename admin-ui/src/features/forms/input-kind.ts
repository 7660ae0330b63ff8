/** Attributes of a one-line input by the widget of its definition. */

import type { HTMLInputAttributes } from 'svelte/elements';
import type { FieldSchema } from '#protocol/forms/index.ts';

export function inputKind(schema: FieldSchema): HTMLInputAttributes {
  const attributes: HTMLInputAttributes = {
    type: 'text',
    autocomplete: (schema['x-autocomplete'] ?? 'off') as NonNullable<
      HTMLInputAttributes['autocomplete']
    >,
  };
  if (schema.maxLength !== undefined) attributes.maxlength = schema.maxLength + 20;
  if (schema['x-widget'] === 'date') attributes.type = 'date';
  if (schema['x-widget'] === 'email') attributes.type = 'email';
  if (schema['x-widget'] === 'telephone') attributes.type = 'tel';
  if (schema['x-transform'] === 'code') {
    attributes.spellcheck = false;
    attributes.autocapitalize = 'characters';
  }
  return attributes;
}
