#if biasGradient
#for P rowQuads
    biasSum$P += a$P_0;
#end
#end
