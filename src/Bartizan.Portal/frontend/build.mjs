// Makes wwwroot/dist: tokens, styles, page modules, the editor with its workers. Called by `dotnet build`; writes .stamp last.
import { build } from 'esbuild';
import * as tokens from '@fluentui/tokens';
import { mkdirSync, readdirSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';

const dist = '../wwwroot/dist';
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) rmSync(join(dist, name), { recursive: true });

const shared = { bundle: true, minify: true, target: 'es2022', outdir: dist, logLevel: 'warning', legalComments: 'linked' };

// Fonts come from the portal's own sheet, so Fluent's font families are left out.
const declare = theme => Object.entries(theme).filter(([name]) => !name.startsWith('fontFamily')).map(([name, value]) => `--${name}:${value}`).join(';');
writeFileSync(join(dist, 'tokens.css'),
  `:root{color-scheme:light;${declare(tokens.webLightTheme)}}\n:root[data-theme=dark]{color-scheme:dark;${declare(tokens.webDarkTheme)}}\n`);

await build({
  ...shared,
  entryPoints: { portal: 'styles/portal.css' },
  loader: { '.woff2': 'file' },
  assetNames: 'fonts/[name]',
});
cpSync('styles/cytoscape.css', join(dist, 'cytoscape.css'));

await build({
  ...shared,
  entryPoints: { shell: 'src/shell.ts', grid: 'src/grid.ts', graph: 'src/graph.ts', charts: 'src/charts.ts' },
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});

// Runs before the first paint, as a plain script in the head.
await build({ ...shared, entryPoints: { 'theme-boot': 'src/theme-boot.ts' }, format: 'iife' });

// The editor is one unsplit file: splitting reorders its side effects and its services then do not find each other.
await build({
  ...shared,
  entryPoints: { kql: 'src/kql.ts' },
  format: 'esm',
  loader: { '.ttf': 'file' },
  assetNames: 'fonts/[name]',
});
await build({
  ...shared,
  entryPoints: {
    'kusto.worker': '@kusto/monaco-kusto/release/esm/kusto.worker.js',
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  },
  format: 'iife',
  alias: { fs: './src/empty.js' },
  define: { global: 'globalThis' },
});

writeFileSync(join(dist, '.stamp'), '');
