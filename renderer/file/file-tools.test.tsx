import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import type { ItemKind } from '../../contract/file-view.ts';
import { standInForTheBrowser } from '../fixtures/render-kiosk.tsx';
import { Words } from '../i18n/words.tsx';
import { FileTools } from './file-tools.tsx';

function Tools() {
  const [kind, setKind] = useState<ItemKind | 'all'>('all');
  return (
    <Words language="nl">
      <FileTools
        order="waiting"
        onOrder={() => undefined}
        kinds={['payment', 'permit']}
        kind={kind}
        onKind={setKind}
        query={null}
        onQuery={() => undefined}
        typing={{ active: null, attach: () => () => undefined, onFocus: () => undefined } as never}
        found={null}
      />
      <p>{`kind: ${kind}`}</p>
    </Words>
  );
}

it('offers the kinds when somebody asks for them; who puts them away sees everything again', async () => {
  standInForTheBrowser();
  render(<Tools />);
  const user = userEvent.setup();
  expect(screen.queryByRole('button', { name: 'Betalingen' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Kies een soort' }));
  await user.click(screen.getByRole('button', { name: 'Betalingen' }));
  expect(screen.getByText('kind: payment')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Kies een soort' }));
  expect(screen.queryByRole('button', { name: 'Betalingen' })).toBeNull();
  expect(screen.getByText('kind: all')).toBeTruthy();
});
