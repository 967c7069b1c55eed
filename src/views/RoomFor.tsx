import { bytes } from '../base/units.ts';
import { enoughFor, type Removable, removable } from '../lab/pipeline/removable.ts';
import type { StorageForecast } from '../lab/pipeline/storageForecast.ts';
import { useRun } from '../state/run.ts';
import { forget, useStorage } from '../state/storage.ts';

/** Says whether there is room for so much, and where there is not, offers to remove what was not used for longest. */
export function RoomFor({ bytes: needed, whole }: StorageForecast) {
  const stored = useStorage((state) => state.stored);
  if (stored.status !== 'ready' || stored.value.room === null) return null;
  const { room } = stored.value;
  const lack = needed - room;
  if (lack > 0) return <TooLittle needed={needed} lack={lack} caches={removable(stored.value)} />;
  if (needed === 0) return null;
  return (
    <p className="quiet">
      Stores up to {bytes(needed)} of the {bytes(room)} that this browser grants
      {whole ? '' : '; what models and collections of the hub add is known once they are here'}.
    </p>
  );
}

interface TooLittleProps {
  readonly needed: number;
  readonly lack: number;
  readonly caches: readonly Removable[];
}

function TooLittle({ needed, lack, caches }: TooLittleProps) {
  const running = useRun((state) => state.run.status === 'running');
  const oldest = enoughFor(lack, caches);
  const freed = oldest.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <div className="room-lacking" role="status">
      <p>
        Up to {bytes(needed)} are to be stored, less what is stored of it already, {bytes(lack)} more than
        this browser grants. What does not fit is not kept for the next run; results can be saved as files all
        the same.
        {oldest.length === 0 ? ' To make room, free space on the disk.' : ' Unused for longest:'}
      </p>
      {oldest.length === 0 ? null : (
        <>
          <ul className="plain">
            {oldest.map((one) => (
              <li key={`${one.kind} ${one.key.join(' ')}`}>
                {one.title}, {bytes(one.bytes)}
              </li>
            ))}
          </ul>
          <button type="button" className="small" disabled={running} onClick={() => void forget(oldest)}>
            Remove {oldest.length === 1 ? 'it' : 'them'} and make room for {bytes(freed)}
          </button>
        </>
      )}
    </div>
  );
}
