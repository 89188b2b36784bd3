import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import {
  askChannel,
  catalogueChannel,
  dockViewChannel,
  fileChannel,
  kioskViewChannel,
  mapChannel,
  operatorViewChannel,
  pinViewChannel,
} from '../contract/channels.ts';
import type { LoketApi } from '../contract/preload-api.ts';

/** Passes a view on without the event object, which would hand the page a way to send. */
function listen(channel: string, listener: (view: never) => void): () => void {
  const pass = (_event: IpcRendererEvent, view: unknown) => listener(view as never);
  ipcRenderer.on(channel, pass);
  return () => ipcRenderer.removeListener(channel, pass);
}

const api: LoketApi = {
  ask: (command: string, input: unknown) => ipcRenderer.invoke(askChannel, { command, input }),
  onKioskView: (listener) => listen(kioskViewChannel, listener),
  onCatalogue: (listener) => listen(catalogueChannel, listener),
  onMap: (listener) => listen(mapChannel, listener),
  onFile: (listener) => listen(fileChannel, listener),
  onPinView: (listener) => listen(pinViewChannel, listener),
  onOperatorView: (listener) => listen(operatorViewChannel, listener),
  onDockView: (listener) => listen(dockViewChannel, listener),
};

contextBridge.exposeInMainWorld('loket', api);
