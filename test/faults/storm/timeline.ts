/** A clock that jumps from one event to the next: hours of ten thousand terminals in seconds. Milliseconds. */
export type Timeline = {
  now(): number;
  /** In the order of time; at the same moment, in the order of planning. */
  plan(inMs: number, run: () => void): void;
  /** Until nothing is planned any more, or `done` says so. */
  run(done: () => boolean): void;
};

type Planned = { at: number; number: number; run: () => void };

export function createTimeline(from: number): Timeline {
  const heap: Planned[] = [];
  let at = from;
  let number = 0;

  const before = (one: Planned, other: Planned) => one.at < other.at || (one.at === other.at && one.number < other.number);

  function push(event: Planned): void {
    let child = heap.length;
    heap.push(event);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] as Planned;
      if (!before(event, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = event;
  }

  function pop(): Planned | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Planned, heap[child] as Planned)) child += 1;
      const below = heap[child] as Planned;
      if (!before(below, last)) break;
      heap[parent] = below;
      parent = child;
    }
    heap[parent] = last;
    return first;
  }

  return {
    now: () => at,
    plan(inMs, run) {
      number += 1;
      push({ at: at + Math.max(0, inMs), number, run });
    },
    run(done) {
      for (let event = pop(); event !== undefined; event = pop()) {
        at = event.at;
        event.run();
        if (done()) return;
      }
    },
  };
}
