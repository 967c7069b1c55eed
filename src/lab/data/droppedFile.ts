/** A file that was dropped on the page; `path` begins below the dropped folder. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}
