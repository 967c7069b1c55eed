interface SourceProps {
  /** Where the figures come from, in a sentence. */
  readonly from: string;
  /** The page of the lab that shows them. */
  readonly hash: string;
}

/** Below a picture in a frame: what it is, and the way to the lab. */
export function Source({ from, hash }: SourceProps) {
  return (
    <p className="quiet">
      {from}{' '}
      <a href={hash} target="_blank" rel="noopener">
        Open in layerlab
      </a>
    </p>
  );
}
