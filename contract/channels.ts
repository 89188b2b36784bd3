/** Names of the IPC channels. A file of its own, without the schema library, because the preload bundles it. */
export const askChannel = 'loket:ask';
export const kioskViewChannel = 'loket:kiosk-view';
export const catalogueChannel = 'loket:catalogue';
export const mapChannel = 'loket:map';
export const fileChannel = 'loket:file';
export const dockViewChannel = 'loket:dock-view';
export const pinViewChannel = 'loket:pin-view';
export const operatorViewChannel = 'loket:operator-view';
