/**
 * A pure function that keeps its answers, for what is asked the same over and over (names of windows, months of a time). Forgets all of them whenever there
 * are `most`, default 1,000. What `work` throws is not kept.
 */
export function remember<Key extends string | number, Answer>(
  work: (key: Key) => Answer,
  most = 1_000,
): (key: Key) => Answer {
  const answers = new Map<Key, Answer>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined || answers.has(key)) return known as Answer;
    const answer = work(key);
    if (answers.size >= most) answers.clear();
    answers.set(key, answer);
    return answer;
  };
}
