// A picture from the camera, if the reader lets it: the video stays in this page, and the camera is off afterwards.
import { glimpse } from '../picture.js';

const NONE =
  'There is no camera that this page may use. Close whatever else is using the camera, or allow it in your ' +
  "browser's settings; or choose a picture instead.";

/** Is there a way to a camera? Without https there is none. */
export const available = Boolean(navigator.mediaDevices?.getUserMedia);

/** @type {(video: HTMLVideoElement) => Promise<void>} Shows there what the camera sees. Call `end` afterwards, even if this fails. */
export async function watch(video) {
  const wanted = { video: { facingMode: 'environment', width: { ideal: 960 } } };
  const stream = await navigator.mediaDevices?.getUserMedia(wanted).catch(() => undefined);
  if (!stream) throw new Error(NONE);
  video.srcObject = stream;
  await video.play();
}

/** @type {(video: HTMLVideoElement) => void} The camera is off. */
export function end(video) {
  if (video.srcObject instanceof MediaStream) for (const track of video.srcObject.getTracks()) track.stop();
  video.srcObject = null;
}

/**
 * What the camera sees when the reader takes a picture, or null. dialog: it has a <video>, and a button "take".
 * @type {(dialog: HTMLDialogElement) => Promise<Uint8ClampedArray | null>}
 */
export async function photograph(dialog) {
  const seen = /** @type {HTMLVideoElement} */ (dialog.querySelector('video'));
  try {
    await watch(seen);
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    return dialog.returnValue === 'take' ? glimpse(seen) : null;
  } finally {
    end(seen);
    dialog.returnValue = '';
  }
}
