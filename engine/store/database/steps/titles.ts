/**
 * Drafts in which nobody is named were called by their form, in the language of who began
 * them. They have no name now; each reader is told so in their own language.
 */
export const titles = `
  UPDATE applications SET title = ''
  WHERE status = 'draft'
    AND id IN (SELECT id FROM search WHERE is_history = 0 AND worker = '');
`;
