import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { isUserError } from '../../../src/base/userError.ts';

const full = (): never => {
  throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
};
const refused = (): never => {
  throw new DOMException('Access is denied for this document.', 'SecurityError');
};

/** Settings that cannot be written, or that cannot even be reached. */
const areas: readonly (readonly [string, object])[] = [
  ['full', { getItem: () => null, setItem: full, removeItem: () => {} }],
  ['switched off', { getItem: refused, setItem: refused, removeItem: refused }],
];

const storage = {
  getDirectory: () => Promise.resolve({ getDirectoryHandle: () => Promise.resolve({}) }),
  persisted: () => Promise.resolve(false),
  persist: () => Promise.resolve(true),
};
const reload = vi.fn();
const element = { dataset: {} as Record<string, string> };
beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('document', { documentElement: element, baseURI: 'https://lab.test/' });
  vi.stubGlobal('location', { hash: '', reload });
});
afterAll(() => vi.unstubAllGlobals());

test.each(areas)('where settings are %s, what was chosen holds until the page is left', async (_, area) => {
  vi.stubGlobal('localStorage', area);
  vi.stubGlobal('sessionStorage', area);
  vi.stubGlobal('navigator', { storage });
  const theme = await import('../../../src/state/theme.ts');
  theme.setTheme('dark');
  expect(element.dataset.theme).toBe('dark');
  expect(theme.useTheme.getState().theme).toBe('dark');

  const lesson = await import('../../../src/state/lesson.ts');
  lesson.predict('curve', 'early');
  expect(lesson.useLesson.getState().kept).toMatchObject({ curve: { choice: 'early' } });

  const { markKept, noticeCleared, useCleared } = await import('../../../src/state/keptMark.ts');
  await markKept('files', ['embeddings (1.0 MB)']);
  await noticeCleared();
  expect(useCleared.getState().sentence).toBeNull();

  const { askToKeep, usePersistence } = await import('../../../src/state/persistence.ts');
  await askToKeep();
  expect(usePersistence.getState().promised).toBe(true);
});

test('a hub that cannot be remembered is said, and the page is not loaded anew without it', async () => {
  vi.stubGlobal('localStorage', areas[0]![1]);
  const { saveHubSettings } = await import('../../../src/state/hubSettings.ts');
  const save = () => saveHubSettings({ endpoint: 'https://mirror.test', storage: [], token: 'hf_secret' });
  expect(save).toThrow(/^This browser keeps no settings for the page, .* save again\.$/);
  try {
    save();
  } catch (error) {
    expect(isUserError(error)).toBe(true);
    expect(String(error)).not.toContain('hf_secret');
  }
  expect(reload).not.toHaveBeenCalled();
});

test('a page whose session cannot be marked is not loaded anew for isolation, again and again', async () => {
  const area = areas[0]![1];
  vi.stubGlobal('sessionStorage', area);
  vi.stubGlobal('navigator', { serviceWorker: { ready: Promise.resolve() } });
  vi.stubGlobal('crossOriginIsolated', false);
  vi.doMock('../../../src/state/version.ts', () => ({
    serviceWorker: () => ({ register: () => Promise.resolve() }),
  }));
  const { isolate } = await import('../../../src/app/isolation.ts');
  await isolate();
  expect(reload).not.toHaveBeenCalled();
  vi.doUnmock('../../../src/state/version.ts');
});
