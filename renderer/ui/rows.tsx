import type { ReactNode } from 'react';

/** Facts and answers, one a row: name, value with its source, and what can be done about it. */
export function Rows({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <dl className="rows" aria-label={label}>
      {children}
    </dl>
  );
}

type RowProps = { name: ReactNode; source: ReactNode; action?: ReactNode; soft?: boolean; children: ReactNode };

export function Row({ name, source, action, soft, children }: RowProps) {
  return (
    <div className="row">
      <dt>{name}</dt>
      <dd className="row__value">
        <p className={soft ? 'row__soft' : 'row__text'}>{children}</p>
        {source}
      </dd>
      {action && <dd className="row__action">{action}</dd>}
    </div>
  );
}
