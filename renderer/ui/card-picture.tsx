type Direction = 'in' | 'above' | 'out' | 'empty' | 'off';

/** The reader and the card, drawn: in ink, since the press colour is for what can be pressed. */
export function CardPicture({ shows, label }: { shows: Direction; label: string }) {
  const tall = shows === 'above' ? 560 : 432;
  return (
    <svg className="picture" viewBox={`0 0 984 ${tall}`} role="img" aria-label={label}>
      {shows === 'in' || shows === 'out' ? <Card y={8} cut={346} /> : null}
      {shows === 'above' ? <Card y={8} /> : null}
      {shows === 'above' ? <path className="ink-dash" d="M370 384v78M614 384v78" /> : null}
      <Reader y={tall} />
      {shows === 'off' ? <path className="ink-line ink-line--care" d="M250 60 734 400M734 60 250 400" /> : null}
      {shows === 'in' ? <Arrows down y={72} /> : null}
      {shows === 'above' ? <Arrows down y={130} /> : null}
      {shows === 'out' ? <Arrows y={72} /> : null}
    </svg>
  );
}

function Card({ y, cut }: { y: number; cut?: number }) {
  const bottom = cut ?? y + 366;
  const body = cut
    ? `M370 ${bottom}V${y + 26}a26 26 0 0 1 26-26h192a26 26 0 0 1 26 26V${bottom}z`
    : `M396 ${y}h192a26 26 0 0 1 26 26v${bottom - y - 52}a26 26 0 0 1-26 26h-192a26 26 0 0 1-26-26V${y + 26}a26 26 0 0 1 26-26z`;
  const chip = cut ? 210 : 252;
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
      <path className="outline" d={`M110 ${y}v-56a26 26 0 0 1 26-26h712a26 26 0 0 1 26 26v56`} />
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
