import './styles/dock-window.css';
import { DockApp } from './dock-app.tsx';
import { mount } from './mount.tsx';

mount(<DockApp />);
