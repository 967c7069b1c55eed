/**
 * Thrown where the device under some work is lost, or gives nothing that can be used; done again on another device, the
 * work may go well.
 */
export class DeviceLost extends Error {
  override readonly name = 'DeviceLost';
  /** What ended the device, in a few words. */
  readonly why: string;

  constructor(why: string) {
    super(`the GPU was lost (${why})`);
    this.why = why;
  }
}
