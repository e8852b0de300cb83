// The worker that makes a square of a large photograph. It ends with it, and so gives back its memory.
import { fitted } from './picture.js';

self.onmessage = ({ data }) => fitted(data).then((square) => self.postMessage(square), reportError); // the page hears it
