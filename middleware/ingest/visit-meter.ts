/**
 * What a visit takes of the middleware, whether it works at deliveries one by one or at several at once. While a region
 * comes back, most of the work is something else for a minute (looks at the line, live deliveries), and who reckoned that in
 * would leave the middleware idle afterwards. So the time in which there is work is split over visits and the rest by what
 * explains it best: least squares over spells of two seconds, of which older ones weigh less and less.
 */
export type VisitMeter = {
  /** Milliseconds. */
  perVisit(): number;
  /** Part of the time that all other work took lately, from 0 to 1. */
  besideShare(): number;
  begin(at: number): void;
  end(at: number): void;
  countVisit(at: number): void;
  /** Other work that has ended. */
  countBeside(at: number): void;
};

const spellMs = 2_000;
const forget = 0.96;
/** What is assumed weighs as much as one spell with so many of each kind. */
const assumed = { visits: 4, beside: 4, besideMs: 3 } as const;

export function createVisitMeter(assumedMs: number): VisitMeter {
  const { visits: v, beside: b, besideMs } = assumed;
  let sums = { vv: v * v, vb: 0, bb: b * b, vt: v * v * assumedMs, bt: b * b * besideMs };
  let perVisit = assumedMs;
  let besideShare = 0;
  let atWork = 0;
  let since = Number.NEGATIVE_INFINITY;
  let spell = { from: Number.NEGATIVE_INFINITY, busyMs: 0, visits: 0, beside: 0 };

  function bringUp(at: number): void {
    if (atWork > 0) spell.busyMs += Math.max(0, at - since);
    since = Math.max(since, at);
    if (at - spell.from < spellMs) return;
    if (spell.visits + spell.beside > 0) learn(spell);
    else besideShare = 0;
    spell = { from: at, busyMs: 0, visits: 0, beside: 0 };
  }

  function learn({ busyMs, visits, beside }: typeof spell): void {
    const { vv, vb, bb, vt, bt } = sums;
    sums = {
      vv: vv * forget + visits * visits,
      vb: vb * forget + visits * beside,
      bb: bb * forget + beside * beside,
      vt: vt * forget + visits * busyMs,
      bt: bt * forget + beside * busyMs,
    };
    const determinant = sums.vv * sums.bb - sums.vb * sums.vb;
    const solved = (sums.vt * sums.bb - sums.bt * sums.vb) / determinant;
    // Where nothing tells the two apart, all of it is the visits'.
    perVisit = Math.max(0.1, Number.isFinite(solved) && solved > 0 ? solved : sums.vt / sums.vv);
    const perBeside = Math.max(0, (sums.bt - sums.vb * perVisit) / sums.bb);
    besideShare = Math.min(0.9, (besideShare + Math.min(1, (perBeside * beside) / spellMs)) / 2);
  }

  return {
    perVisit: () => perVisit,
    besideShare: () => besideShare,
    begin(at) {
      bringUp(at);
      atWork += 1;
    },
    end(at) {
      bringUp(at);
      atWork -= 1;
    },
    countVisit(at) {
      bringUp(at);
      spell.visits += 1;
    },
    countBeside(at) {
      bringUp(at);
      spell.beside += 1;
    },
  };
}
