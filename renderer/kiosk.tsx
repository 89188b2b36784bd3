import './styles/kiosk.css';
import { KioskApp } from './kiosk-app.tsx';
import { mount } from './mount.tsx';

mount(<KioskApp />);
