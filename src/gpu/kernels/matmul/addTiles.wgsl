      // Adds the products of one depth, row $slice of both tiles.
#for P rowQuads
      let a$P_0 = held(tileA[$slice * $strideA + $P * $threadsY + local.y]);
#end
#for J columnQuads
      let b$J_0 = held(tileB[$slice * $strideB + $J * $threadsX + local.x]);
#include "add"
#end
#include "addBias"
