import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useKiosk } from '../state/kiosk-store.ts';
import { Scroll } from './scroll.tsx';

/** A question or an explanation over the page. Escape, or its own buttons, closes it; the focus goes back. */
export function Dialog({ title, feet, children }: { title: ReactNode; feet: ReactNode; children: ReactNode }) {
  const open = useKiosk((state) => state.open);
  return (
    <ModalOverlay className="overlay" isOpen isDismissable={false} onOpenChange={(isOpen) => !isOpen && open(null)}>
      <Modal className="overlay__box">
        <AriaDialog className="dialog">
          <Scroll>
            <Heading slot="title" level={2} className="dialog__title">
              {title}
            </Heading>
            {children}
          </Scroll>
          <div className="dialog__feet">{feet}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
