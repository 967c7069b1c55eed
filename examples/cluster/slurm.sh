#!/bin/bash
# A layer-wise run as a Slurm job array, a part a task; from the repository's root, where `npm ci` was run:
#
#   export SPEC=examples/layers.json OUT=/shared/results
#   job=$(sbatch --parsable examples/cluster/slurm.sh)
#   sbatch --dependency=afterok:"$job" --wrap "npm run --silent lab -- merge $OUT $OUT/part-*-of-8.part"
#
# A task whose part is there ends at once. One whose node failed is queued again by Slurm, one that was killed or failed
# otherwise by this script, three times at most.
#SBATCH --job-name=layerlab
#SBATCH --array=0-7
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --requeue
set -u
status=0
npm run --silent lab -- run "$SPEC" --out "$OUT" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --threads "$SLURM_CPUS_PER_TASK" \
  --cache "${TMPDIR:-/tmp}/layerlab" || status=$?

# Status 1 is what no retry mends.
if [ "$status" -gt 1 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
