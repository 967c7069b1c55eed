// Exact search by cosine or inner product, one block of documents at a time.
//
//   normalise:  u[l, r, :] = v[r, l, :] / |v[r, l, :]|, 0 for a vector of zeros; for inner products v[r, l, :]
//               itself; rows padded to whole vec4
//   scores:     s[l, q, d] = sum over i of u_query[l, q, i] * u_document[l, d, i]
//   merge:      the k best of (the k best so far) and s[l, q, :], for every l and q
//
// The order is total: a higher score stands first, and of equal scores the lower tie rank. A score is
// summed in the order of i whatever the block, so a list does not depend on how documents were cut into
// blocks or in which order they came.

struct Shape {
  rows: u32, // vectors to normalise
  layers: u32,
  size: u32, // floats of a vector
  width: u32, // vec4s of a padded vector
  queries: u32, // queries of this pass
  firstQuery: u32,
  allQueries: u32,
  documents: u32, // documents of this block
  k: u32,
  cosine: u32, // 0 for inner products
}

@group(0) @binding(0) var<uniform> shape: Shape;

// normalise: one workgroup a vector.

@group(0) @binding(1) var<storage, read> vectors: array<f32>;
@group(0) @binding(2) var<storage, read_write> units: array<f32>;

const lanes = 64u;
var<workgroup> partial: array<f32, lanes>;

@compute @workgroup_size(lanes)
fn normalise(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let layer = group.y;
  let source = (row * shape.layers + layer) * shape.size;
  var sum = 0.0;
  for (var i = lane; i < shape.size; i += lanes) {
    sum += vectors[source + i] * vectors[source + i];
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = lanes / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  let squares = partial[0];
  let scale = select(1.0, 1.0 / sqrt(squares), squares > 0.0 && shape.cosine != 0u);
  let padded = shape.width * 4u;
  let place = (layer * shape.rows + row) * padded;
  for (var i = lane; i < padded; i += lanes) {
    var value = 0.0;
    if (i < shape.size) {
      value = vectors[source + i] * scale;
    }
    units[place + i] = value;
  }
}

// scores: a workgroup makes a tile of 64 queries by 64 documents, a thread 4 by 4 of it.

@group(0) @binding(1) var<storage, read> queryUnits: array<vec4f>;
@group(0) @binding(2) var<storage, read> documentUnits: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> scoresOut: array<f32>;

const tile = 64u;
const depth = 4u; // vec4s of a vector held at a time
var<workgroup> queryTile: array<array<vec4f, tile>, depth>;
var<workgroup> documentTile: array<array<vec4f, tile>, depth>;

@compute @workgroup_size(16, 16)
fn scores(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let layer = group.z;
  let firstQuery = group.y * tile;
  let firstDocument = group.x * tile;
  let loadRow = lane / depth;
  let loadDepth = lane % depth;
  var sums: array<vec4f, 4>;
  for (var start = 0u; start < shape.width; start += depth) {
    let at = start + loadDepth;
    var query = vec4f(0.0);
    if (firstQuery + loadRow < shape.queries && at < shape.width) {
      let row = layer * shape.allQueries + shape.firstQuery + firstQuery + loadRow;
      query = queryUnits[row * shape.width + at];
    }
    queryTile[loadDepth][loadRow] = query;
    var document = vec4f(0.0);
    if (firstDocument + loadRow < shape.documents && at < shape.width) {
      document = documentUnits[(layer * shape.documents + firstDocument + loadRow) * shape.width + at];
    }
    documentTile[loadDepth][loadRow] = document;
    workgroupBarrier();
    for (var i = 0u; i < depth; i++) {
      let d = array(
        documentTile[i][thread.x * 4u],
        documentTile[i][thread.x * 4u + 1u],
        documentTile[i][thread.x * 4u + 2u],
        documentTile[i][thread.x * 4u + 3u],
      );
      for (var j = 0u; j < 4u; j++) {
        let q = queryTile[i][thread.y * 4u + j];
        sums[j] += vec4f(dot(q, d[0]), dot(q, d[1]), dot(q, d[2]), dot(q, d[3]));
      }
    }
    workgroupBarrier();
  }
  for (var j = 0u; j < 4u; j++) {
    let query = firstQuery + thread.y * 4u + j;
    for (var i = 0u; i < 4u; i++) {
      let document = firstDocument + thread.x * 4u + i;
      if (query < shape.queries && document < shape.documents) {
        scoresOut[(layer * shape.queries + query) * shape.documents + document] = sums[j][i];
      }
    }
  }
}

// merge: a workgroup keeps the list of one query at one layer in its memory, sorts 256 documents of the
// block at a time and merges them in: an element's new place is its own plus the count of the other
// list's elements before it.

@group(0) @binding(1) var<storage, read> blockScores: array<f32>;
@group(0) @binding(2) var<storage, read> blockRanks: array<u32>;
@group(0) @binding(3) var<storage, read_write> bestScores: array<f32>;
@group(0) @binding(4) var<storage, read_write> bestRanks: array<u32>;

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
fn merge(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let query = group.x;
  let layer = group.y;
  let list = (layer * shape.allQueries + shape.firstQuery + query) * shape.k;
  for (var i = lane; i < shape.k; i += candidates) {
    listScores[i] = bestScores[list + i];
    listRanks[i] = bestRanks[list + i];
  }
  let block = (layer * shape.queries + query) * shape.documents;
  for (var start = 0u; start < shape.documents; start += candidates) {
    let document = start + lane;
    newScores[lane] = lowest;
    newRanks[lane] = noRank;
    if (document < shape.documents) {
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
      if (i < shape.k) {
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
    var high = shape.k;
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
      if (oldPlace[n] < shape.k) {
        listScores[oldPlace[n]] = oldScore[n];
        listRanks[oldPlace[n]] = oldRank[n];
      }
    }
    if (place < shape.k) {
      listScores[place] = score;
      listRanks[place] = rank;
    }
    workgroupBarrier();
  }
  for (var i = lane; i < shape.k; i += candidates) {
    bestScores[list + i] = listScores[i];
    bestRanks[list + i] = listRanks[i];
  }
}
