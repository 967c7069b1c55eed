import type { DatasetReport, Environment } from '../report/report.ts';

/** What the machine is, for the report. */
export interface MachineReport
  extends Pick<
    Environment,
    'runtime' | 'userAgent' | 'adapter' | 'hardwareConcurrency' | 'crossOriginIsolated' | 'versions'
  > {
  readonly appVersion: string;
}

interface Surroundings {
  readonly machine: MachineReport;
  readonly times: Pick<Environment, 'startedAt' | 'startSeconds' | 'seconds'>;
  readonly datasets: readonly DatasetReport[];
  readonly layers: Pick<Environment, 'models' | 'search'>;
  /** Of a comparison. */
  readonly files?: Environment['files'];
}

/** What a report says of where a run went on, and on what. */
export function environmentOf({ machine, times, datasets, layers, files }: Surroundings): Environment {
  return {
    version: machine.appVersion,
    ...times,
    runtime: machine.runtime,
    userAgent: machine.userAgent,
    adapter: machine.adapter,
    hardwareConcurrency: machine.hardwareConcurrency,
    crossOriginIsolated: machine.crossOriginIsolated,
    versions: machine.versions,
    models: layers.models,
    datasets: [...datasets],
    ...(files ? { files } : {}),
    search: layers.search,
  };
}
