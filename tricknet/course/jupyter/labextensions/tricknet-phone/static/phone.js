// JupyterLab on a telephone: one document at a time, and the list of files only when it is asked for.
// This is a prebuilt extension that needs no building: JupyterLab asks the object below for its plugin.
(() => {
  const SMALL = matchMedia('(max-width: 700px), (max-height: 450px)'); // held upright, or on its side

  const plugin = {
    id: 'tricknet-phone:plugin',
    autoStart: true,
    activate: ({ restored, shell }) => {
      if (!shell.collapseLeft) return; // this is Voilà, whose page has no sides
      const tidy = () => {
        if (!SMALL.matches) return;
        shell.mode = 'single-document';
        shell.collapseLeft();
        shell.collapseRight();
        if (shell.isSideTabBarVisible('right')) shell.toggleSideTabBarVisibility('right');
        for (const bar of shell.widgets('bottom')) bar.hide();
      };
      restored.then(tidy);
      SMALL.addEventListener('change', tidy);
      shell.currentChanged.connect(tidy); // a file was chosen from the list, which has done its work
    }
  };

  const container = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
  (window._JUPYTERLAB ??= {})['tricknet-phone'] = container;
})();
