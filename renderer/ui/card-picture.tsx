type Shows = 'in' | 'still' | 'above' | 'out' | 'empty' | 'off';

const heights: Record<Shows, number> = { in: 432, still: 432, above: 560, out: 432, empty: 150, off: 470 };

/** The reader and the card, drawn: in ink, since the press colour is for what can be pressed. It stands on a line. */
export function CardPicture({ shows, label }: { shows: Shows; label: string }) {
  const height = heights[shows];
  return (
    <svg className="picture" viewBox={`0 0 984 ${height}`} preserveAspectRatio="xMidYMax meet" role="img" aria-label={label}>
      <Above shows={shows} />
      <Reader y={height} />
    </svg>
  );
}

function Above({ shows }: { shows: Shows }) {
  switch (shows) {
    case 'in':
      return (
        <>
          <Card y={8} cut={346} />
          <Arrows down y={72} />
        </>
      );
    case 'out':
      return (
        <>
          <Card y={8} cut={346} />
          <Arrows y={72} />
        </>
      );
    case 'still':
      return <Card y={90} cut={346} />;
    case 'above':
      return (
        <>
          <Card y={8} />
          <path className="ink-dash" d="M370 384v78M614 384v78" />
          <Arrows down y={130} />
        </>
      );
    case 'off':
      return <NoCard />;
    case 'empty':
      return null;
  }
}

/** A card with a bar across it: none can be read. */
function NoCard() {
  return (
    <g>
      <circle className="paper" cx="492" cy="170" r="160" />
      <rect className="paper paper--sunk" x="412" y="102" width="160" height="112" rx="14" />
      <rect className="ink" x="432" y="146" width="40" height="32" rx="6" />
      <rect className="faint" x="494" y="132" width="58" height="13" rx="6" />
      <rect className="faint" x="494" y="160" width="44" height="13" rx="6" />
      <path className="ink-line" d="M380 282 604 58" />
    </g>
  );
}

function Card({ y, cut }: { y: number; cut?: number }) {
  const bottom = cut ?? y + 366;
  const body = cut
    ? `M370 ${bottom}V${y + 26}a26 26 0 0 1 26-26h192a26 26 0 0 1 26 26V${bottom}z`
    : `M396 ${y}h192a26 26 0 0 1 26 26v${bottom - y - 52}a26 26 0 0 1-26 26h-192a26 26 0 0 1-26-26V${y + 26}a26 26 0 0 1 26-26z`;
  const chip = cut ? (y < 50 ? 210 : 248) : 252;
  return (
    <g>
      <path className="paper" d={body} />
      <rect className="paper paper--sunk" x="408" y={y + 38} width="76" height="96" rx="10" />
      <circle className="ink" cx="446" cy={y + 74} r="17" />
      <path className="ink" d={`M418 ${y + 134}c0-24 11-37 28-37s28 13 28 37z`} />
      <rect className="faint" x="506" y={y + 44} width="72" height="15" rx="7" />
      <rect className="faint" x="506" y={y + 76} width="52" height="15" rx="7" />
      <rect className="faint" x="506" y={y + 108} width="64" height="15" rx="7" />
      <rect className="paper paper--sunk" x="443" y={chip} width="98" height="78" rx="13" />
      <path className="chip" d={`M443 ${chip + 26}h29v26h-29M541 ${chip + 26}h-29v26h29M472 ${chip}v78M512 ${chip}v78`} />
    </g>
  );
}

function Reader({ y }: { y: number }) {
  const top = y - 82;
  return (
    <g>
      <path className="sunk" d={`M110 ${y}v-56a26 26 0 0 1 26-26h712a26 26 0 0 1 26 26v56z`} />
      <path className="outline" d={`M110 ${y}v-56a26 26 0 0 1 26-26h712a26 26 0 0 1 26 26v56`} strokeLinecap="butt" />
      <rect className="ink" x="316" y={top - 13} width="352" height="28" rx="14" />
    </g>
  );
}

function Arrows({ down, y }: { down?: boolean; y: number }) {
  const head = down ? `M-58 138l58 58 58-58` : `M-58 58l58-58 58 58`;
  return (
    <g className="ink-line">
      <path d="M0 0v196" transform={`translate(232 ${y})`} />
      <path d={head} transform={`translate(232 ${y})`} />
      <path d="M0 0v196" transform={`translate(752 ${y})`} />
      <path d={head} transform={`translate(752 ${y})`} />
    </g>
  );
}
