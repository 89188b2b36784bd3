/** A kiosk at rest, dots to a person at a desk. Speaks to who reads none of our languages. */
export function BrokenPicture({ label }: { label: string }) {
  return (
    <svg className="picture" viewBox="0 0 984 432" role="img" aria-label={label}>
      <rect className="paper" x="60" y="40" width="210" height="300" rx="22" />
      <rect className="sunk" x="88" y="70" width="154" height="196" rx="8" />
      <path className="ink-line" d="M118 120l94 96M212 120l-94 96" />
      <rect className="ink" x="120" y="292" width="90" height="14" rx="7" />
      <path className="paper paper--sunk" d="M130 340h70v88h-70z" />
      <path className="ink-dots" d="M330 250h228" />
      <path className="ink-line" d="M556 192l58 58-58 58" />
      <circle className="ink" cx="800" cy="92" r="52" />
      <path className="ink" d="M700 262c0-70 40-108 100-108s100 38 100 108z" />
      <rect className="paper" x="650" y="262" width="300" height="166" rx="14" />
      <path className="outline" d="M650 306h300" />
    </svg>
  );
}
