import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Breakable } from './breakable.tsx';

it('may break after its marks, and stays the same text', () => {
  const { container } = render(<Breakable text="lotte.v@voorbeeld.example" />);
  expect(container.textContent).toBe('lotte.v@voorbeeld.example');
  expect(container.innerHTML).toMatch(/^lotte\.<wbr>v@<wbr>voorbeeld\.<wbr>example/);
});
