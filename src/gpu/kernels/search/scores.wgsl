// scores (L, Q, D) = query (L, Q, C) · document (L, D, C), inner products.
// A workgroup makes a tile of 64 queries by 64 documents, an invocation 4 by 4 of it. A score is summed in the
// order of the columns whatever the block, so a list does not depend on how documents were cut into blocks.
const tile = 64u;
const depth = 4u; // vec4s of a vector held at a time
var<workgroup> queryTile: array<array<vec4f, tile>, depth>;
var<workgroup> documentTile: array<array<vec4f, tile>, depth>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let layer = group.z;
  let firstQuery = group.y * tile;
  let firstDocument = (u.base + group.x) * tile;
  let loadRow = lane / depth;
  let loadDepth = lane % depth;
  var sums: array<vec4f, 4>;
  for (var start = 0u; start < u.width; start += depth) {
    let at = start + loadDepth;
    var query = vec4f(0.0);
    if (firstQuery + loadRow < u.queries && at < u.width) {
      let row = layer * u.allQueries + u.firstQuery + firstQuery + loadRow;
      query = queryUnits[row * u.width + at];
    }
    queryTile[loadDepth][loadRow] = query;
    var document = vec4f(0.0);
    if (firstDocument + loadRow < u.documents && at < u.width) {
      document = documentUnits[(layer * u.documents + firstDocument + loadRow) * u.width + at];
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
      if (query < u.queries && document < u.documents) {
        scores[(layer * u.queries + query) * u.documents + document] = sums[j][i];
      }
    }
  }
}
