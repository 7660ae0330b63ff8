/** Rows that wait to be taken out of the search are found without reading all the others. */
export const searchGone = `
CREATE INDEX search_gone ON search (n) WHERE id IS NULL;
`;
