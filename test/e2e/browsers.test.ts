import { expect, test } from 'vitest';
import { writeRecord } from '../../scripts/browserRecords.ts';
import type { BrowserRecord } from '../../scripts/browserTable.ts';
import { findFirefox, findWebKit } from '../../scripts/otherBrowsers.ts';
import { chromiumVisitor } from '../support/browsers/chromium.ts';
import { startFirefox } from '../support/browsers/firefox.ts';
import { press, until, untilSaid, type Visitor } from '../support/browsers/visitor.ts';
import { startWebKit } from '../support/browsers/webKit.ts';
import { labBrowser, linkTo } from './support/page.ts';
import { type StaticHost, staticHost } from './support/staticHost.ts';

/**
 * One walk through the built page, the same in every browser that is here: first visit, a run, and, with the host
 * gone, Explore and a run on own texts. What each browser lacks, the page says itself; docs/browsers.md is made from
 * what is found.
 */

const lab = labBrowser();
const firefox = findFirefox();
const webKit = findWebKit();
const visitors: readonly (readonly [browser: string, start: (base: string) => Promise<Visitor>])[] = [
  ['Chromium', async (base) => chromiumVisitor((await lab.open('', { base, serviceWorkers: 'allow' })).page)],
  ...(firefox ? [['Firefox', () => startFirefox(firefox)] as const] : []),
  ...(webKit ? [['WebKit', () => startWebKit(webKit)] as const] : []),
];
if (!firefox) console.log('No Firefox here: the lab is not tested in it.');
if (!webKit) console.log('No WebKitWebDriver, MiniBrowser and Xvfb here: the lab is not tested in WebKit.');

/** A run's table, as the page shows it. */
const numbersOf = (visitor: Visitor): Promise<string> =>
  visitor.evaluate(() =>
    [...document.querySelectorAll<HTMLTableRowElement>('.data-table tbody tr')]
      .map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join(' '))
      .join('\n'),
  );

async function run(visitor: Visitor): Promise<void> {
  await press(visitor, 'Run');
  await untilSaid(visitor, /^Done in .*/, '.run-panel [role=status]');
}

/** A visit that ends with the host's files kept in the browser. */
async function visit(visitor: Visitor, base: string): Promise<Partial<BrowserRecord['facts']>> {
  await visitor.open(base);
  await untilSaid(visitor, /Stored, not computed in this browser/);
  // Drawn only once the service worker has isolated the page, or was seen not to.
  const models = await untilSaid(visitor, /(?<=The models will run on ).*(?=\.)/, '.run-panel');
  expect(await visitor.evaluate(() => crossOriginIsolated)).toBe(true);

  await visitor.open(`${base}${linkTo()}`);
  await run(visitor);
  // What is stored is looked up once the run has ended; where nothing is, a notice says why.
  const stored = await until(visitor, 'what is stored', () => {
    const said = document.querySelector<HTMLElement>('.storage')?.innerText ?? '';
    if (/\S+ [kM]B in 2 files/.test(said)) return 'yes';
    const notices = [...document.querySelectorAll<HTMLElement>('.run-panel .notices li')];
    return notices.length === 0 ? null : notices.map((one) => one.innerText).join(' ');
  });
  await press(visitor, 'Keep for use without a network');
  await untilSaid(visitor, /Everything is kept/);
  return {
    firstVisit: 'works',
    models,
    run: 'works, with the same numbers',
    stored,
    keep: 'yes',
  };
}

async function explore(visitor: Visitor): Promise<void> {
  await until(visitor, 'the box of the query', () =>
    document.querySelector('textarea.query') ? true : null,
  );
  await visitor.type('a language for lists', () => document.querySelector('textarea.query'));
  await untilSaid(visitor, /Answered in \d+ ms/);
  await until(visitor, 'the lists of fifteen layers', () =>
    document.querySelectorAll('.layer-list').length === 15 ? true : null,
  );
}

/** Gives the page a file, as its own dialogue would. */
async function ownText(visitor: Visitor): Promise<void> {
  await visitor.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('.file-drop input[type=file]')!;
    const transfer = new DataTransfer();
    transfer.items.add(new File(['query,positive\n"a, b",first document\nc,second one\n'], 'pairs.csv'));
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await untilSaid(visitor, /pairs: 2 pairs/);
  await run(visitor);
  expect(await numbersOf(visitor)).toContain('pairs');
}

async function walk(
  visitor: Visitor,
  host: StaticHost,
): Promise<{ facts: BrowserRecord['facts']; numbers: string }> {
  const { base } = host;
  const facts = await visit(visitor, base);
  const numbers = await numbersOf(visitor);
  await visitor.open(`${base}#/train`);
  const webgpu = await untilSaid(visitor, /(Trains on|Training needs WebGPU, but) .*(?=[.;:])/, '.run-panel');

  host.close();
  await visitor.open('about:blank');
  await visitor.open(`${base}#/explore`);
  await explore(visitor);
  await visitor.open(`${base}${linkTo()}`);
  await untilSaid(visitor, /Choose files/, '.file-drop');
  await ownText(visitor);
  const without = { offline: 'works', explore: 'works', ownText: 'works' };
  return { facts: { ...facts, webgpu, ...without } as BrowserRecord['facts'], numbers };
}

/** The first browser's, that all others must come to. */
let expected: string | undefined;

test.each(visitors)(
  'a walk in %s: a visit, a run, and without the host Explore and own texts',
  async (_, start) => {
    const host = await staticHost();
    const visitor = await start(host.base);
    try {
      const { facts, numbers } = await walk(visitor, host);
      expect(numbers).toMatch(/\d\.\d{3}/);
      expected ??= numbers;
      expect(numbers).toBe(expected);
      const { browser, version } = visitor;
      writeRecord({ browser, version, date: new Date().toISOString().slice(0, 10), facts });
    } finally {
      await visitor.close();
      host.close();
    }
  },
);
