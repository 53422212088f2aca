// Sets the theme before the first paint. The stored choice is ours; Fluent's own key is kept equal so that both agree.
(() => {
  const stored = localStorage.getItem('bartizan:theme');
  const dark = stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  localStorage.setItem('fluentui-blazor:theme-settings', JSON.stringify({ mode: dark ? 'dark' : 'light' }));
})();
