// What there is in the lab to click and to see, before anything is known.

/** @type {(kind: string, steps: number) => string} */
const steps = (kind, value) =>
  `<fieldset role="none" data-in="${kind}"><label>Steps <input name="steps-${kind}" type="number" min="1" max="300" value="${value}" required></label></fieldset>`;

export const FORM = `
<div class="bench">
<form class="controls" autocomplete="off">
  <fieldset class="modes row" aria-label="What to do" data-in="trick paint sticker dream">
    <label><input type="radio" name="mode" value="trick" checked>Trick</label>
    <label><input type="radio" name="mode" value="paint">Paint</label>
    <label><input type="radio" name="mode" value="sticker">Sticker</label>
    <label><input type="radio" name="mode" value="dream">Dream</label>
  </fieldset>
  <fieldset role="none" class="row" data-in="trick paint sticker">
    <select name="picture" aria-label="Picture"></select>
    <button class="own" type="button">Your own</button>
    <input class="file" type="file" accept="image/*" aria-label="A picture of your own" hidden>
    <button class="camera" type="button">Camera</button>
  </fieldset>
  <div class="row" data-in="trick paint dream">
    <fieldset role="none" class="goal" data-in="trick paint dream"><label><span class="wish"></span> <input name="target" value="vulture" enterkeyhint="go"></label><datalist></datalist></fieldset>
    <fieldset role="none" data-in="trick"><label>Epsilon <input name="epsilon" type="number" min="1" max="255" value="2" required></label></fieldset>
    <fieldset role="none" data-in="trick paint dream"><button class="start" disabled>Start</button><button class="stop" type="button" hidden>Stop</button></fieldset>
  </div>
  <fieldset role="none" class="row" data-in="sticker">
    <label>Sticker <select name="sticker"></select></label>
    <label>Size <input name="size" type="range" min="30" max="150" value="104"></label>
  </fieldset>
  <p class="hint" data-in="paint">A painted change isn't hidden: each step follows the mean gradient of noisy copies until you see what you asked for.</p>
  <details class="fold">
    <summary>Settings</summary>
    ${steps('trick', 30)}${steps('paint', 60)}${steps('dream', 100)}
    <fieldset role="none" data-in="trick"><label>Method <select name="method"></select></label></fieldset>
    <fieldset role="none" data-in="paint dream"><label>Seed <input name="seed" type="number" min="0" max="999999" value="0" required></label></fieldset>
    <fieldset role="none" data-in="trick paint sticker dream"><label>Network <select name="network"></select></label></fieldset>
  </details>
  <p class="handing hint" data-in="trick paint sticker">You can also drop a picture here, or paste one.</p>
  <p class="keeps hint" hidden>This browser keeps your picture for your next visit. <button class="forget" type="button">Forget it</button></p>
</form>
<div class="view">
  <div class="telling">
    <p class="message" role="status"></p>
    <p class="step hint"></p>
    <progress max="1" value="0" aria-label="Progress"></progress>
  </div>
  <p class="said"></p>
  <div class="onto" data-in="sticker" tabindex="0" role="application" aria-label="Sticker: drag it, or move it with the arrow keys"><i></i></div>
  <div class="gain" data-in="trick"></div>
  <p class="said-change hint"></p>
  <div class="keep row" hidden>
    <label class="walked">Step by step <input class="moment" type="range" min="0"></label>
    <button class="on" type="button">Go on</button>
    <a class="save" download>Save as PNG</a>
    <button class="again" type="button">Ask again</button>
    <button class="share" type="button">Share</button>
  </div>
</div>
<figure class="answers">
  <ol class="bars"></ol>
  <figcaption class="by hint"></figcaption>
</figure>
<figure class="curves chart" data-in="trick paint dream"></figure>
</div>
<dialog aria-label="Camera">
  <form method="dialog">
    <video playsinline muted aria-label="What the camera sees"></video>
    <p>The video stays in your browser. The picture that you take goes only to the neural network.</p>
    <div class="row"><button value="take">Take the picture</button> <button value="">Close</button></div>
  </form>
</dialog>`;
