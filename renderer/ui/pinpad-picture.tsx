/** A card reader with keys of its own and the card in it. The green and the red key are told apart by their marks. */
export function PinpadPicture({ label }: { label: string }) {
  return (
    <svg className="picture" viewBox="0 0 984 560" preserveAspectRatio="xMidYMax meet" role="img" aria-label={label}>
      <path className="paper" d="M370 120V30a22 22 0 0 1 22-22h200a22 22 0 0 1 22 22v90z" />
      <rect className="paper paper--sunk" x="404" y="34" width="64" height="58" rx="10" />
      <rect className="faint" x="490" y="44" width="92" height="13" rx="6" />
      <rect className="faint" x="490" y="72" width="64" height="13" rx="6" />
      <path className="sunk" d="M290 560V146a30 30 0 0 1 30-30h344a30 30 0 0 1 30 30v414z" />
      <path className="outline" d="M290 560V146a30 30 0 0 1 30-30h344a30 30 0 0 1 30 30v414" strokeLinecap="butt" />
      <rect className="ink" x="352" y="104" width="280" height="24" rx="12" />
      <rect className="paper" x="330" y="160" width="324" height="76" rx="10" />
      <g className="ink">
        {[396, 460, 524, 588].map((x) => (
          <circle key={x} cx={x} cy="198" r="13" />
        ))}
      </g>
      <g className="paper paper--key">
        {[264, 332, 400].flatMap((y) => [330, 442, 554].map((x) => <rect key={`${x}/${y}`} x={x} y={y} width="100" height="56" rx="10" />))}
        {[330, 442, 554].map((x) => (
          <rect key={x} x={x} y="468" width="100" height="56" rx="10" />
        ))}
      </g>
      <path className="ink-mark" d="M362 480l36 32M398 480l-36 32" />
      <path className="ink-mark" d="M582 498l14 14 28-30" />
    </svg>
  );
}
