// Adds the products of the quads of A and B to the sums of column quad $J.
#for P rowQuads
#for Q 4
#if outer
    sum$P_$Q_$J += a$P_0[$Q] * b$J_0;
#end
#if rows
#for C 4
    sum$P_$Q_$J += a$P_$Q[$C] * b$J_$C;
#end
#end
#if columns
#for C 4
    sum$P_$Q_$J += a$P_$Q[$C] * vec4f(b$J_0[$C], b$J_1[$C], b$J_2[$C], b$J_3[$C]);
#end
#end
#if dots
    sum$P_$Q_$J += vec4f(dot(a$P_$Q, b$J_0), dot(a$P_$Q, b$J_1), dot(a$P_$Q, b$J_2), dot(a$P_$Q, b$J_3));
#end
#end
#end
