import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installNodeScope } from '../../../bin/node/nodeScope.ts';
import { Cancelled, UserError } from '../../../src/base/userError.ts';
import { takeLock } from '../../../src/lab/cache/takeLock.ts';
import { runId, runLock } from '../../../src/lab/pipeline/runId.ts';
import type { RunJournal } from '../../../src/lab/pipeline/runJournal.ts';
import { forgetRunJournal, listUnfinished, withJournal } from '../../../src/lab/pipeline/unfinishedRuns.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import type { Spec } from '../../../src/lab/spec/spec.ts';
import { madeCollection } from '../../support/collection.ts';
import { characterEncoder, fakeSession } from '../../support/fakeModel.ts';

const cache = mkdtempSync(join(tmpdir(), 'layerlab-unfinished-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
// Its folder stands for the browser's own file system.
installNodeScope({ cache, page: cache, gpu: {} as GPU });

const lab = '0.1.0';
const opening = { goOn: true, lab, onNotice: () => {} };
const model = { session: fakeSession([0]), encoder: characterEncoder, tokenizerHash: 'x' };
const collection = madeCollection('one', 2, 3);
let seeds = 0;
const freshSpec = (): Spec => ({ ...defaultSpec(5, 5), seed: ++seeds });

function note(journal: RunJournal | null): void {
  journal?.layers('ce', model, collection).storing('query', 0, {
    texts: 2,
    tokens: 3,
    paddedTokens: 4,
    characters: 5,
    seconds: 6,
  });
}

/** A run that notes something, and fails. */
async function fail(spec: Spec): Promise<void> {
  const run = withJournal(spec, opening, (journal) => {
    note(journal);
    return Promise.reject(new UserError('The network is gone.'));
  });
  await expect(run).rejects.toThrow('The network is gone.');
}

const ids = async (version = lab): Promise<string[]> => (await listUnfinished(version)).map(({ id }) => id);

test('a run that failed is listed with its spec, is gone on with, and is gone when it has ended', async () => {
  const spec = freshSpec();
  await fail(spec);
  const [found] = await listUnfinished(lab);
  expect(found).toMatchObject({ id: runId(spec), spec });
  expect(found!.bytes).toBeGreaterThan(100);
  expect(await withJournal(found!.spec, opening, async (journal) => journal?.isEmpty)).toBe(false);
  expect(await ids()).toEqual([]);
});

test('a run that begins anew takes nothing of the one before', async () => {
  const spec = freshSpec();
  await fail(spec);
  expect(await withJournal(spec, { ...opening, goOn: false }, async (journal) => journal?.isEmpty)).toBe(
    true,
  );
});

test('what was cancelled, or failed before anything was found, is not offered', async () => {
  const cancelled = withJournal(freshSpec(), opening, (journal) => {
    note(journal);
    return Promise.reject(new Cancelled());
  });
  await expect(cancelled).rejects.toThrow('Cancelled.');
  const empty = withJournal(freshSpec(), opening, () => Promise.reject(new UserError('No such model.')));
  await expect(empty).rejects.toThrow('No such model.');
  expect(await ids()).toEqual([]);
});

test('a run that goes on in a tab is not offered, one that is forgotten is gone', async () => {
  const spec = freshSpec();
  await fail(spec);
  const release = await takeLock(runLock(runId(spec)));
  expect(await takeLock(runLock(runId(spec)))).toBeNull();
  expect(await ids()).toEqual([]);
  await release?.();
  expect(await ids()).toEqual([runId(spec)]);
  await forgetRunJournal(runId(spec));
  expect(await ids()).toEqual([]);
});

test('a journal of another version of the lab is removed, since figures may differ', async () => {
  await fail(freshSpec());
  expect(await ids('0.2.0')).toEqual([]);
  expect(await ids()).toEqual([]);
});

test('fields in another order are the same run', () => {
  const { seed, ...rest } = freshSpec();
  expect(runId({ ...rest, seed })).toBe(runId({ seed, ...rest }));
});
