  // Which unit of value this invocation takes, and of which row.
  let at = (u.base + group.x) * $threads + local.x;
  let row = at / u.width;
  let i = at % u.width;
  if (row >= u.rows) { return; }
