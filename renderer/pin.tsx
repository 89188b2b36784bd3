import './styles/pin-window.css';
import { mount } from './mount.tsx';
import { PinApp } from './pin-app.tsx';

mount(<PinApp />);
