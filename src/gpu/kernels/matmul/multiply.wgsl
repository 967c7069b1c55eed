    // Reads B from depth k on, column quad by column quad, and adds its products with the quads of A.
#for C depthAtOnce
#if transposedB
    let stepB$C = k >> 2u;
#else
    // Behind the end, where A is 0, any row of B will do.
    let stepB$C = min(k + $C, u.depth - 1u) * (u.columns >> 2u);
#end
#end
#for J columnQuads
#for C depthAtOnce
#if vecB
    let b$J_$C = b[fromB$J_$C + stepB$C];
#else
    let b$J_$C = loadOpB(k, column$J, $C);
#end
#end
#include "add"
#end
#include "addBias"
