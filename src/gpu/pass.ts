import type { DeviceSession } from './deviceSession.ts';
import type { BufferTypes, Kernel, ParameterTypes } from './kernels/defineKernel.ts';
import type { LaunchConfiguration } from './launchConfiguration.ts';
import { type Binding, type Grid, Recorder, type Timings } from './recorder.ts';

/** Refuses names beyond K, which a spread would let through. */
type NoOthers<Given, K extends PropertyKey> = { readonly [Name in Exclude<keyof Given, K>]: never };

/** What all kernels of a piece of work share: the device's session, how they are launched, and the recorder. */
export class Pass {
  readonly session: DeviceSession;
  readonly configuration: LaunchConfiguration;
  readonly #recorder: Recorder;

  constructor(session: DeviceSession, configuration: LaunchConfiguration, recorder = new Recorder(session)) {
    this.session = session;
    this.configuration = configuration;
    this.#recorder = recorder;
  }

  /** The same recorder, launched otherwise. */
  with(change: Partial<LaunchConfiguration>): Pass {
    return new Pass(this.session, { ...this.configuration, ...change }, this.#recorder);
  }

  /**
   * Records a kernel.
   * @param buffers each of its storage buffers, by name
   * @param parameters each field of its uniform, by name
   * @param workgroups along x, or a grid of them
   */
  dispatch<
    P extends ParameterTypes,
    B extends BufferTypes,
    GivenBuffers extends Readonly<Record<keyof B, Binding>>,
    GivenParameters extends Readonly<Record<keyof P, number>>,
  >(
    kernel: Kernel<P, B>,
    buffers: GivenBuffers & NoOthers<GivenBuffers, keyof B>,
    parameters: GivenParameters & NoOthers<GivenParameters, keyof P>,
    workgroups: number | Grid,
  ): void {
    this.#recorder.dispatch(
      kernel,
      kernel.bufferNames.map((name) => buffers[name]),
      parameters,
      typeof workgroups === 'number' ? { x: workgroups } : workgroups,
    );
  }

  clear(buffer: GPUBuffer): void {
    this.#recorder.clear(buffer);
  }

  /** Submits all that was recorded since the last time, as one command buffer. */
  submit(): void {
    this.#recorder.submit();
  }

  /** @see Recorder.submitTimed */
  submitTimed(): Promise<Timings> | null {
    return this.#recorder.submitTimed();
  }

  dispose(): void {
    this.#recorder.dispose();
  }
}
