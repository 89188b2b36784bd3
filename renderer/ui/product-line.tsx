import type { ReactNode } from 'react';

/** Where: what this is about, on a page that is no step of a form. */
export function ProductLine({ product, children }: { product: string; children?: ReactNode }) {
  return (
    <div className="where">
      <p className="where__line">
        <strong>{product}</strong>
        {children && <span>{children}</span>}
      </p>
    </div>
  );
}
