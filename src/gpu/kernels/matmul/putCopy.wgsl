    // Puts what fetchCopy has read into tile$name, from its row $row on.
#for F fills
    if (at$name_$F < $blockDepth * $quads) {
      tile$name[($row + at$name_$F / $quads) * $stride + at$name_$F % $quads] = hold(next$name_$F);
    }
#end
