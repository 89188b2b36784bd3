import type { CataloguePart } from './catalogue.ts';
import type { DockCommand, DockInput, DockView } from './dock.ts';
import type { FilePush } from './file-view.ts';
import type { KioskCommand, KioskInput } from './ipc.ts';
import type { TownMap } from './map.ts';
import type { OperatorCommand, OperatorInput, OperatorView } from './operator.ts';
import type { PinCommand, PinInput, PinView } from './pin.ts';
import type { KioskView } from './view.ts';

/** What the one preload puts on `window.loket`. No channel names, no `ipcRenderer`, no event objects. */
export type LoketApi = {
  ask<C extends KioskCommand>(command: C, input: KioskInput<C>): Promise<void>;
  ask<C extends PinCommand>(command: C, input: PinInput<C>): Promise<void>;
  ask<C extends OperatorCommand>(command: C, input: OperatorInput<C>): Promise<void>;
  ask<C extends DockCommand>(command: C, input: DockInput<C>): Promise<void>;
  /** Returns the function that stops listening. */
  onKioskView(listener: (view: KioskView) => void): () => void;
  onCatalogue(listener: (part: CataloguePart) => void): () => void;
  onMap(listener: (map: TownMap) => void): () => void;
  onFile(listener: (push: FilePush) => void): () => void;
  onPinView(listener: (view: PinView) => void): () => void;
  onOperatorView(listener: (view: OperatorView) => void): () => void;
  onDockView(listener: (view: DockView) => void): () => void;
};
