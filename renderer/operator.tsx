import './styles/operator-window.css';
import { mount } from './mount.tsx';
import { OperatorApp } from './operator-app.tsx';

mount(<OperatorApp />);
