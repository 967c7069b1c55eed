// The k best of (the k best so far) and scores (L, Q, D), for every layer and query.
// The order is total: a higher score stands first, and of equal scores the lower tie rank. A workgroup keeps the list
// of one query at one layer in its memory, sorts 256 documents of the block at a time and merges them in: an
// element's new place is its own plus the count of the other list's elements before it.
const candidates = 256u;
const capacity = 1024u;
const perLane = capacity / candidates;
const lowest = -3.4028234e38;
const noRank = 0xffffffffu;

var<workgroup> listScores: array<f32, capacity>;
var<workgroup> listRanks: array<u32, capacity>;
var<workgroup> newScores: array<f32, candidates>;
var<workgroup> newRanks: array<u32, candidates>;

fn before(scoreA: f32, rankA: u32, scoreB: f32, rankB: u32) -> bool {
  return scoreA > scoreB || (scoreA == scoreB && rankA < rankB);
}

@compute @workgroup_size(candidates)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let query = u.base + group.x;
  let layer = group.y;
  let list = (layer * u.allQueries + u.firstQuery + query) * u.k;
  for (var i = lane; i < u.k; i += candidates) {
    listScores[i] = bestScores[list + i];
    listRanks[i] = bestRanks[list + i];
  }
  let block = (layer * u.queries + query) * u.documents;
  for (var start = 0u; start < u.documents; start += candidates) {
    let document = start + lane;
    newScores[lane] = lowest;
    newRanks[lane] = noRank;
    if (document < u.documents) {
      newScores[lane] = blockScores[block + document];
      newRanks[lane] = blockRanks[document];
    }
    workgroupBarrier();

    // Bitonic sort, best first.
    for (var width = 2u; width <= candidates; width *= 2u) {
      for (var step = width / 2u; step > 0u; step /= 2u) {
        let other = lane ^ step;
        if (other > lane) {
          let forward = (lane & width) == 0u;
          let swapped = before(newScores[other], newRanks[other], newScores[lane], newRanks[lane]);
          if (swapped == forward) {
            let score = newScores[lane];
            let rank = newRanks[lane];
            newScores[lane] = newScores[other];
            newRanks[lane] = newRanks[other];
            newScores[other] = score;
            newRanks[other] = rank;
          }
        }
        workgroupBarrier();
      }
    }

    // New places, all found before any element moves.
    var oldScore: array<f32, perLane>;
    var oldRank: array<u32, perLane>;
    var oldPlace: array<u32, perLane>;
    for (var n = 0u; n < perLane; n++) {
      let i = lane + n * candidates;
      oldPlace[n] = capacity;
      if (i < u.k) {
        oldScore[n] = listScores[i];
        oldRank[n] = listRanks[i];
        var low = 0u;
        var high = candidates;
        while (low < high) {
          let middle = (low + high) / 2u;
          if (before(newScores[middle], newRanks[middle], oldScore[n], oldRank[n])) {
            low = middle + 1u;
          } else {
            high = middle;
          }
        }
        oldPlace[n] = i + low;
      }
    }
    let score = newScores[lane];
    let rank = newRanks[lane];
    var low = 0u;
    var high = u.k;
    while (low < high) {
      let middle = (low + high) / 2u;
      if (before(score, rank, listScores[middle], listRanks[middle])) {
        high = middle;
      } else {
        low = middle + 1u;
      }
    }
    let place = lane + low;
    workgroupBarrier();
    for (var n = 0u; n < perLane; n++) {
      if (oldPlace[n] < u.k) {
        listScores[oldPlace[n]] = oldScore[n];
        listRanks[oldPlace[n]] = oldRank[n];
      }
    }
    if (place < u.k) {
      listScores[place] = score;
      listRanks[place] = rank;
    }
    workgroupBarrier();
  }
  for (var i = lane; i < u.k; i += candidates) {
    bestScores[list + i] = listScores[i];
    bestRanks[list + i] = listRanks[i];
  }
}
