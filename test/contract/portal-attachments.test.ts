/** Attachments over HTTP: added, fixed by a version, handed out, taken away, and whose they are. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createAttachments } from '#engine/portal/attachments/service.ts';
import { portalLimits } from '#engine/portal/index.ts';
import { attachmentPath } from '#engine/store/index.ts';
import {
  ATTACHMENT_BYTES_MAX,
  type Attachment,
  type AttachmentsAnswer,
} from '#protocol/attachments-api.ts';
import type { Application, Problem } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { attach, jpegBytes, pdfBytes, pngBytes } from '#test/support/attachments.ts';
import { models, sampleOf } from '#test/support/models.ts';

const OPENS_US = START_US + 14 * 24 * HOUR_US;

let world: World;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  world = await openWorld({ limits: { applicationsMax: 50 } });
  owner = await applicant(world, 'owner@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  const admin = await world.administrator();
  await admin.call('POST', '/api/admin/click-days', {
    id: '2011-01-31',
    name: { it: 'Tutti', en: 'Everybody' },
    opensAt: isoFromUs(OPENS_US),
    closesAt: isoFromUs(OPENS_US + HOUR_US),
    rules: [{ models: ['A'] }],
  });
});
afterAll(() => world.close());

async function draft(caller = owner): Promise<string> {
  const { body } = await caller.call<Application>('POST', '/api/applications', { model: 'A' });
  return body.id;
}

async function fullDraft(): Promise<string> {
  const id = await draft();
  const random = seededRandom(id, world.clock);
  const sample = sampleOf({ random, todayIso: '2011-01-17', model: 'A', nationality: 'MA' });
  for (const { number, values } of sample.pages) {
    await owner.call('PUT', `/api/applications/${id}/pages/${number}`, { values, version: 0 });
  }
  return id;
}

const listed = async (id: string, caller = owner) =>
  (await caller.call<AttachmentsAnswer>('GET', `/api/applications/${id}/attachments`)).body;
const pathOf = (id: string, file: Attachment) => `/api/applications/${id}/attachments/${file.id}`;
const onDisk = (id: string) => existsSync(attachmentPath(world.directory.attachments, id));
const service = (limits = {}) =>
  createAttachments({
    ...{ database: world.database, clock: world.clock, models, log: silentLog() },
    random: seededRandom('attachments', world.clock),
    directory: world.directory.attachments,
    limits: { ...portalLimits, attachmentsFreeBytesMin: 0, ...limits },
  });

it('says what the model asks for, takes a file in and hands out the same bytes', async () => {
  const id = await draft();
  expect((await listed(id)).kinds.map(({ kind }) => kind)).toContain('passport');
  const name = 'Passaporto di Łódź.pdf';
  const { status, body } = await attach(owner, id, { name });
  expect(status).toBe(201);
  const sha256 = createHash('sha256').update(pdfBytes).digest('hex');
  const known = { kind: 'passport', name, type: 'application/pdf', sha256 };
  expect(body).toMatchObject({ ...known, bytes: pdfBytes.length });
  expect((await listed(id)).attachments).toEqual([body]);
  const { headers, ...got } = await owner.call<Buffer>('GET', pathOf(id, body));
  expect(got.body).toEqual(Buffer.from(pdfBytes));
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="Passaporto di __d_.pdf"; filename*=UTF-8''Passaporto%20di%20%C5%81%C3%B3d%C5%BA.pdf`,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  expect(headers.get('cache-control')).toBe('private, no-store');
});

it.each([
  ['what is none of the types', 'foto.pdf', Buffer.from('<script>'), 415, 'ATTACHMENT_TYPE'],
  ['an empty file', 'foto.pdf', Buffer.alloc(0), 415, 'ATTACHMENT_TYPE'],
  ['a picture that is called a PDF', 'foto.pdf', jpegBytes, 422, 'ATTACHMENT_NAME'],
  [
    'a file above 2 MB',
    'foto.png',
    Buffer.concat([pngBytes, Buffer.alloc(ATTACHMENT_BYTES_MAX)]),
    413,
    'ATTACHMENT_TOO_LARGE',
  ],
  [
    'a request that says it is far above',
    'foto.png',
    Buffer.alloc(ATTACHMENT_BYTES_MAX + 20_000),
    413,
    'ATTACHMENT_TOO_LARGE',
  ],
] as const)('refuses %s and keeps nothing of it', async (_what, name, bytes, status, code) => {
  const id = await draft();
  const refused = await attach<Problem>(owner, id, { name, bytes });
  expect([refused.status, refused.body.code]).toEqual([status, code]);
  expect((await listed(id)).attachments).toEqual([]);
  expect(readdirSync(join(world.directory.attachments, 'incoming'))).toEqual([]);
});

it('takes a file of exactly 2 MB', async () => {
  const rest = Buffer.alloc(ATTACHMENT_BYTES_MAX - pngBytes.length);
  const whole = { name: 'foto.png', bytes: Buffer.concat([pngBytes, rest]) };
  expect((await attach(owner, await draft(), whole)).status).toBe(201);
});

it('refuses a kind the model does not ask for, a thirteenth file, and other media', async () => {
  const id = await draft();
  const unknown = await attach<Problem>(owner, id, { kind: 'invented' });
  expect([unknown.status, unknown.body.code]).toEqual([422, 'ATTACHMENT_KIND_UNKNOWN']);
  for (let count = 0; count < 12; count += 1) await attach(owner, id);
  const more = await attach<Problem>(owner, id);
  expect([more.status, more.body.code]).toEqual([409, 'ATTACHMENTS_TOO_MANY']);
  const path = `/api/applications/${await draft()}/attachments?kind=passport`;
  expect((await owner.call('POST', path, { file: 'x' })).status).toBe(415);
  const form = new FormData();
  form.set('model', 'A');
  expect((await owner.call('POST', '/api/applications', form)).status).toBe(415);
});

it('takes nothing in when the disk has no more room than the ledgers need', async () => {
  const id = await draft();
  const account = world.database.first(
    world.database.build.selectFrom('accounts').selectAll().where('email', '=', 'owner@example.it'),
  );
  const full = service({ attachmentsFreeBytesMin: Number.MAX_SAFE_INTEGER });
  await expect(full.check(account!, id, 'passport')).rejects.toThrow('ATTACHMENTS_NO_ROOM');
  await expect(service().check(account!, id, 'passport')).resolves.toBeUndefined();
});

it('names the files in the version, so that what was made ready stands', async () => {
  const id = await fullDraft();
  const { body: passport } = await attach(owner, id);
  const { body: stamp } = await attach(owner, id, {
    kind: 'identity',
    name: 'a.png',
    bytes: pngBytes,
  });
  const { status } = await owner.call('POST', `/api/applications/${id}/ready`);
  expect(status).toBe(200);
  const version = world.database.first(
    world.database.build.selectFrom('versions').selectAll().where('application', '=', id),
  );
  expect(JSON.parse(version?.canonical ?? '{}').attachments).toEqual([
    { kind: 'identity', sha256: stamp.sha256 },
    { kind: 'passport', sha256: passport.sha256 },
  ]);
  const added = await attach<Problem>(owner, id);
  expect([added.status, added.body.code]).toEqual([409, 'NOT_EDITABLE']);
  expect((await owner.call('DELETE', pathOf(id, passport))).status).toBe(409);
});

it('keeps what an issued version names, and attaches it again when that one is submitted', async () => {
  const id = await fullDraft();
  const { body: first } = await attach(owner, id);
  await owner.call('POST', `/api/applications/${id}/ready`);
  await owner.call('POST', '/api/passbooks');
  const { digest } = world.database.first(
    world.database.build.selectFrom('versions').selectAll().where('application', '=', id),
  )!;
  await owner.call('DELETE', `/api/applications/${id}/ready`);
  expect((await owner.call('DELETE', pathOf(id, first))).status).toBe(204);
  const { body: second } = await attach(owner, id, { name: 'nuovo.pdf' });
  world.clock.advance(2 * HOUR_US);
  await service().sweep();
  expect(onDisk(first.id)).toBe(true);
  world.portal.submissions.markSubmitted(
    [
      {
        ...{ application: id, digest, protocol: '2011-01-31/g1/0000000001', gate: 'g1', seq: 1 },
        ...{ stampUs: world.clock.nowUs(), uncertaintyUs: 1, place: 1 },
      },
    ],
    '1',
  );
  expect((await listed(id)).attachments).toEqual([first]);
  world.clock.advance(2 * HOUR_US);
  await service().sweep();
  expect([onDisk(first.id), onDisk(second.id)]).toEqual([true, false]);
});

it('deletes a file an hour after it was taken away, and at once with its application', async () => {
  const id = await draft();
  const { body: kept } = await attach(owner, id);
  const { body: gone } = await attach(owner, id);
  await owner.call('DELETE', pathOf(id, gone));
  expect((await owner.call('GET', pathOf(id, gone))).status).toBe(404);
  await service().sweep();
  expect(onDisk(gone.id)).toBe(true);
  world.clock.advance(HOUR_US);
  await service().sweep();
  expect([onDisk(gone.id), onDisk(kept.id)]).toEqual([false, true]);
  await owner.call('DELETE', `/api/applications/${id}`);
  await service().sweep();
  expect(onDisk(kept.id)).toBe(false);
});

it('clears what a crash left, and nothing else', async () => {
  const id = await draft();
  const { body: kept } = await attach(owner, id);
  const orphan = attachmentPath(world.directory.attachments, `${kept.id.slice(0, 4)}ORPHAN`);
  writeFileSync(orphan, 'x');
  writeFileSync(join(world.directory.attachments, 'incoming', 'x.part'), 'x');
  await service().clear();
  expect([existsSync(orphan), onDisk(kept.id)]).toEqual([false, true]);
  expect(readdirSync(join(world.directory.attachments, 'incoming'))).toEqual([]);
});

it('is nobody else’s: staff only reads, another account and nobody at all get nothing', async () => {
  const id = await draft();
  const { body: file } = await attach(owner, id);
  const admin = await world.person('admin@clickday.example', 'una parola lunga');
  const mine = await draft(stranger);
  const tries: readonly [string, string][] = [
    ['GET', `/api/applications/${id}/attachments`],
    ['GET', pathOf(id, file)],
    ['DELETE', pathOf(id, file)],
  ];
  for (const [method, path] of tries) {
    expect([path, (await stranger.call(method, path)).status]).toEqual([path, 404]);
    const isRead = method === 'GET';
    expect([path, (await admin.call(method, path)).status]).toEqual([path, isRead ? 200 : 403]);
    expect([path, (await world.nobody.call(method, path)).status]).toEqual([path, 401]);
  }
  expect((await attach(stranger, id)).status).toBe(404);
  expect((await attach(world.nobody, id)).status).toBe(401);
  // Another's file is not had through an application of one's own either.
  expect((await stranger.call('GET', pathOf(mine, file))).status).toBe(404);
  expect((await stranger.call('DELETE', pathOf(mine, file))).status).toBe(404);
  expect((await listed(id)).attachments).toEqual([file]);
});
