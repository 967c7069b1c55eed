import { ProgressPrinter } from '../progress.ts';
import { loadLabModules } from './loadLabModules.ts';
import { type NodeLab, type NodeOptions, openNodeLab } from './openNodeLab.ts';

/** Opens the lab in this process for some work, and closes all behind it. */
export async function inNode(
  options: NodeOptions,
  work: (lab: NodeLab, printer: ProgressPrinter) => Promise<void>,
): Promise<void> {
  const printer = new ProgressPrinter(process.stderr);
  printer.line(`In Node ${process.versions.node}`);
  const { modules, close } = await loadLabModules();
  let lab: NodeLab | null = null;
  try {
    lab = await openNodeLab(modules, options, (event) => printer.show(event));
    await work(lab, printer);
  } finally {
    printer.end();
    await close();
    await lab?.close();
  }
}
