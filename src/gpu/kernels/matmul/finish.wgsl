#for P rowQuads
#for Q 4
#for J columnQuads
  finish(row$P + $Q, column$J, plane, sum$P_$Q_$J);
#end
#if biasGradient
  if (blockColumn == 0u && local.x == 0u) { finishBias(row$P + $Q, plane, biasSum$P[$Q]); }
#end
#end
#end
