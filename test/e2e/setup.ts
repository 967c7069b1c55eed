import type { TestProject } from 'vitest/node';
import { buildIfStale } from '../../bin/build.ts';
import { serve } from '../../bin/serve.ts';

declare module 'vitest' {
  interface ProvidedContext {
    baseUrl: string;
  }
}

/** Builds the page when it is stale and serves it for all end-to-end tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildIfStale();
  const server = await serve();
  project.provide('baseUrl', server.url);
  return server.close;
}
