/** Documents without which an application is not complete. */
import type { FieldError, FormDefinition } from '#protocol/forms/index.ts';
import { outcomes } from '#protocol/outcomes.ts';

/** One error for each required kind of which there is no file; `field` is `attachment:KIND`. */
export function requiredAttachments(
  form: FormDefinition,
  attached: readonly { readonly kind: string }[],
): FieldError[] {
  const present = new Set(attached.map(({ kind }) => kind));
  const { it, en } = outcomes.ATTACHMENT_MISSING;
  return form.documents.flatMap(({ attach }) =>
    attach?.required !== true || present.has(attach.kind)
      ? []
      : [{ field: `attachment:${attach.kind}`, code: 'ATTACHMENT_MISSING', messages: { it, en } }],
  );
}
