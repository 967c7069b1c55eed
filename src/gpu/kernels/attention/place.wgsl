  // This invocation's token and head, the rows of its text, and where its columns begin in (T, 3C) and (T, C).
  // Those past the end repeat the last one, so that every invocation reaches the barriers.
  let asked = (u.base + group.x) * $rowsEach + local.y;
  let id = min(asked, u.tokens * u.heads - 1u);
  let token = id % u.tokens;
  let head = id / u.tokens;
  let text = texts[tokens[token].z];
  let start = text.x;
  let stop = text.x + text.y;
  let width = 3u * u.hidden;
  let own = token * width + head * u.size;
  let ownOut = token * u.hidden + head * u.size;
