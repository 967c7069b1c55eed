import { parseHubName } from '../hub/name.ts';
import { splitSource } from '../hub/source.ts';
import type { Report } from '../report/report.ts';
import type { Spec, SystemSpec } from '../spec/spec.ts';

/**
 * The spec with every hub source at the commit that reports say it was read at, so that it runs the same when the
 * hub's files have changed. Sources that the reports do not name stay as they are.
 */
export function pinned(spec: Spec, reports: readonly Report[]): Spec {
  const commits = new Map<string, string>();
  for (const { environment } of reports) {
    const { models, files = [], datasets } = environment;
    for (const { source } of [...Object.values(models), ...files, ...datasets]) {
      const { scheme, name } = splitSource(source);
      if (scheme === 'hub') commits.set(parseHubName(name).repository, source);
    }
  }
  const pin = (source: string): string => {
    const { scheme, name } = splitSource(source);
    return (scheme === 'hub' && commits.get(parseHubName(name).repository)) || source;
  };
  const { ce, de } = spec.models;
  return {
    ...spec,
    models: { ce: { ...ce, source: pin(ce.source) }, de: { ...de, source: pin(de.source) } },
    datasets: spec.datasets.map((dataset) => ({ ...dataset, source: pin(dataset.source) })),
    train: spec.train.map((train) => ({ ...train, data: train.data.map(pin) })),
    compare: { ...spec.compare, systems: spec.compare.systems.map((system) => pinnedSystem(system, pin)) },
  };
}

function pinnedSystem(system: SystemSpec, pin: (source: string) => string): SystemSpec {
  if (typeof system === 'string') return pin(system);
  if ('fuse' in system) {
    const [first, second] = system.fuse;
    return { ...system, fuse: [pinnedSystem(first, pin), pinnedSystem(second, pin)] };
  }
  return { ...system, queries: pin(system.queries), documents: pin(system.documents) };
}
