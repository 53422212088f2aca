// The KQL editor: Monaco with the published Kusto language service for completion and colours. What is wrong with a query
// is said by Bartizan's own engine, because that engine runs it; the language service's own opinion is switched off.
import './nonce';
import 'monaco-editor/esm/vs/editor/editor.all.js';
import * as monaco from 'monaco-editor/esm/vs/editor/editor.api';
import { getKustoWorker, kustoDefaults } from '@kusto/monaco-kusto/release/esm/monaco.contribution';

type DotNet = { invokeMethodAsync(name: string, ...args: unknown[]): Promise<any> };
type Mark = { severity: string; code: string; message: string; start: number; length: number };
type Column = { name: string; type: string; docString?: string };
type Schema = { database: string; tables: { name: string; docString?: string; columns: Column[] }[]; functions: { name: string; body: string; docString?: string }[] };

const here = import.meta.url;
(self as any).MonacoEnvironment = {
  getWorker: (_: string, label: string) => new Worker(new URL(label === 'kusto' ? './kusto.worker.js' : './editor.worker.js', here)),
};
if (!document.querySelector('link[data-kql]')) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL('./kql.css', here).href });
  link.dataset.kql = '';
  document.head.append(link);
}

const clr: Record<string, string> = {
  string: 'System.String', datetime: 'System.DateTime', timespan: 'System.TimeSpan', long: 'System.Int64', int: 'System.Int32', real: 'System.Double', bool: 'System.SByte',
  dynamic: 'System.Object', guid: 'System.Guid', decimal: 'System.Data.SqlTypes.SqlDecimal',
};

const paint = () => {
  const dark = document.documentElement.dataset.theme === 'dark';
  const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const code = dark
    ? { keyword: '569CD6', table: 'D99AE0', column: '4FC9B0', fn: 'DCDCAA', text: 'D69D85', number: 'D7BA7D', comment: '6FA656', operator: 'D4D4D4', variable: '9CDCFE', plain: 'E4E6EA' }
    : { keyword: '0B57B7', table: '8A2DA5', column: '0A6F76', fn: '6F4E00', text: 'A5371B', number: '8A5200', comment: '4B7A30', operator: '3B3F46', variable: '1F5E99', plain: '1B1C1F' };
  monaco.editor.defineTheme('bartizan', {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    colors: {
      'editor.background': token('card'), 'editor.foreground': `#${code.plain}`, 'editorLineNumber.foreground': token('text-3'), 'editorLineNumber.activeForeground': token('text'),
      'editor.lineHighlightBackground': token('hover'), 'editor.lineHighlightBorder': '#00000000', 'editorGutter.background': token('card'), 'editorWidget.background': token('card'),
      'editorWidget.border': token('line-strong'), 'editorSuggestWidget.selectedBackground': token('selected'), 'editorSuggestWidget.selectedForeground': token('text'),
      'editorSuggestWidget.highlightForeground': token('link'), 'editorSuggestWidget.focusHighlightForeground': token('link'), 'editorSuggestWidget.foreground': token('text'),
    },
    rules: [
      { token: 'comment', foreground: code.comment }, { token: 'keyword', foreground: code.keyword }, { token: 'queryOperator', foreground: code.keyword }, { token: 'command', foreground: code.keyword },
      { token: 'table', foreground: code.table }, { token: 'materializedView', foreground: code.table }, { token: 'database', foreground: code.table }, { token: 'column', foreground: code.column },
      { token: 'function', foreground: code.fn }, { token: 'scalarFunction', foreground: code.fn }, { token: 'aggregateFunction', foreground: code.fn }, { token: 'plugin', foreground: code.fn },
      { token: 'stringLiteral', foreground: code.text }, { token: 'string', foreground: code.text }, { token: 'literal', foreground: code.number }, { token: 'number', foreground: code.number },
      { token: 'scalarOperator', foreground: code.keyword }, { token: 'mathOperator', foreground: code.operator }, { token: 'punctuation', foreground: code.operator },
      { token: 'variable', foreground: code.variable }, { token: 'parameter', foreground: code.variable }, { token: 'scalarParameter', foreground: code.variable }, { token: 'type', foreground: code.keyword },
      { token: 'clientParameter', foreground: code.variable }, { token: 'identifier', foreground: code.plain }, { token: 'plainText', foreground: code.plain },
    ],
  });
  monaco.editor.setTheme('bartizan');
};

export function create(host: HTMLElement, dotnet: DotNet, text: string) {
  const call = (name: string, ...args: unknown[]) => dotnet.invokeMethodAsync(name, ...args).catch(() => undefined);
  kustoDefaults.setLanguageSettings({
    ...kustoDefaults.languageSettings,
    enableQueryWarnings: false, enableQuerySuggestions: false, disabledDiagnosticCodes: undefined, syntaxErrorAsMarkDown: undefined,
    enableQuickFixes: false, openSuggestionDialogAfterPreviousSuggestionAccepted: true, useIntellisenseV2: true, useSemanticColorization: true, enableHover: true,
  } as any);
  paint();
  const model = monaco.editor.createModel(text, 'kusto');
  const editor = monaco.editor.create(host, {
    model,
    theme: 'bartizan',
    automaticLayout: true,
    fontFamily: '"Cascadia Code", Consolas, monospace',
    fontSize: 13,
    lineHeight: 20,
    fontLigatures: false,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    renderLineHighlight: 'line',
    lineNumbersMinChars: 3,
    padding: { top: 8, bottom: 8 },
    overviewRulerLanes: 0,
    hideCursorInOverviewRuler: true,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    fixedOverflowWidgets: true,
    ariaLabel: 'KQL query. Press Shift Enter to run, Ctrl M to let Tab leave the editor.',
    'semanticHighlighting.enabled': true,
    suggest: { showWords: false },
    unicodeHighlight: { ambiguousCharacters: false },
  });

  // The language service marks errors of its own under this owner; ours are the ones that count.
  const owners = new Set<string>();
  const silence = monaco.editor.onDidChangeMarkers(() => {
    for (const marker of monaco.editor.getModelMarkers({ resource: model.uri })) {
      if (marker.owner !== 'bartizan') owners.add(marker.owner);
    }
    for (const owner of owners) {
      if (monaco.editor.getModelMarkers({ resource: model.uri, owner }).length > 0) monaco.editor.setModelMarkers(model, owner, []);
    }
  });

  let pause = 0;
  const changes = model.onDidChangeContent(() => {
    clearTimeout(pause);
    pause = window.setTimeout(() => call('Edited', model.getValue()), 350);
  });
  const chosen = () => {
    const selection = editor.getSelection();
    return selection && !selection.isEmpty() ? model.getValueInRange(selection) : '';
  };
  const run = () => {
    clearTimeout(pause);
    call('Run', model.getValue(), chosen());
  };
  editor.addAction({ id: 'bartizan.run', label: 'Run the query', keybindings: [monaco.KeyMod.Shift | monaco.KeyCode.Enter, monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter], contextMenuGroupId: 'navigation', run });
  // Ctrl K belongs to the page.
  editor.addAction({ id: 'bartizan.palette', label: 'Search and commands', keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyK], run: () => { call('Palette'); } });

  addEventListener('bartizan:theme', paint);
  host.dataset.ready = 'true';

  return {
    async schema(json: string) {
      const given = JSON.parse(json) as Schema;
      const worker = await (await getKustoWorker())(model.uri);
      const tables = Object.fromEntries(given.tables.map(table => [table.name, {
        Name: table.name,
        DocString: table.docString ?? '',
        OrderedColumns: table.columns.map(column => ({ Name: column.name, Type: clr[column.type] ?? 'System.Object', CslType: column.type, DocString: column.docString ?? '' })),
      }]));
      const functions = Object.fromEntries(given.functions.map(fn => [fn.name, { Name: fn.name, InputParameters: [], Body: fn.body, Folder: '', DocString: fn.docString ?? '', FunctionKind: 'Unknown', OutputColumns: [] }]));
      await worker.setSchemaFromShowSchema({ Plugins: [], Databases: { [given.database]: { Name: given.database, Tables: tables, Functions: functions, ExternalTables: {}, MaterializedViews: {}, EntityGroups: {}, MajorVersion: 1, MinorVersion: 0 } } },
        'https://bartizan', given.database);
      host.dataset.schema = 'true';
    },
    marks(json: string) {
      const severities: Record<string, monaco.MarkerSeverity> = { Error: monaco.MarkerSeverity.Error, Warning: monaco.MarkerSeverity.Warning, Hint: monaco.MarkerSeverity.Info };
      monaco.editor.setModelMarkers(model, 'bartizan', (JSON.parse(json) as Mark[]).map(mark => {
        const from = model.getPositionAt(mark.start);
        const to = model.getPositionAt(mark.start + Math.max(1, mark.length));
        return { severity: severities[mark.severity] ?? monaco.MarkerSeverity.Error, code: mark.code, message: mark.message, source: 'Bartizan',
          startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column };
      }));
    },
    set(value: string) {
      if (value !== model.getValue()) {
        editor.executeEdits('bartizan', [{ range: model.getFullModelRange(), text: value }]);
        editor.pushUndoStop();
      }
      editor.setPosition({ lineNumber: 1, column: 1 });
    },
    insert(value: string) {
      const selection = editor.getSelection()!;
      editor.executeEdits('bartizan', [{ range: selection, text: value, forceMoveMarkers: true }]);
      editor.focus();
    },
    goTo(offset: number) {
      const position = model.getPositionAt(offset);
      editor.setPosition(position);
      editor.revealPositionInCenterIfOutsideViewport(position);
      editor.focus();
    },
    run,
    focus: () => editor.focus(),
    dispose() {
      removeEventListener('bartizan:theme', paint);
      clearTimeout(pause);
      changes.dispose();
      silence.dispose();
      editor.dispose();
      model.dispose();
    },
  };
}
