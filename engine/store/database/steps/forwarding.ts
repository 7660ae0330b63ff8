/**
 * Applications whose receipt was made before receipts forwarded them: their offices read them from
 * now on. The time is when this step runs, by the machine's clock: before it nobody there could.
 */
export const forwarding = `
INSERT INTO application_events (id, application, kind, at_us, account, detail_json)
SELECT a.id || '-forwarded', a.id, 'forwarded',
  CAST(unixepoch('subsec') * 1000000 AS INTEGER), NULL, json_object('office', a.office)
FROM applications a
WHERE a.status = 'receipt' AND a.office IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM application_events e WHERE e.application = a.id AND e.kind = 'forwarded');
`;
