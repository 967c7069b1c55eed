/**
 * The folder of published collections that LAYERLAB_DATA names: `stsb/{train,dev,test}.csv` of PhilipMay/stsb-multi-mt
 * (English) and `msmarco-sample/` of agentset-ai/embedding-leaderboard, as they are published.
 */
export function realData(): string {
  const folder = process.env.LAYERLAB_DATA;
  if (!folder) throw new Error('Set LAYERLAB_DATA to the folder that holds stsb and msmarco-sample.');
  return folder;
}
