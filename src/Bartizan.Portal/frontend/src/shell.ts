// What every page needs in the browser: theme, keys, address, clipboard, downloads, popovers, dialogs and split panes.

type DotNet = { invokeMethodAsync(name: string, ...args: unknown[]): Promise<unknown> };

export function theme(): string {
  return document.documentElement.dataset.theme ?? 'light';
}

export function setTheme(mode: 'light' | 'dark'): void {
  document.documentElement.dataset.theme = mode;
  localStorage.setItem('bartizan:theme', mode);
  localStorage.setItem('fluentui-blazor:theme-settings', JSON.stringify({ mode }));
  (window as any).Blazor?.theme?.setThemeMode?.(mode);
  dispatchEvent(new CustomEvent('bartizan:theme', { detail: mode }));
}

export function toggleTheme(): string {
  const mode = theme() === 'dark' ? 'light' : 'dark';
  setTheme(mode);
  return mode;
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && !(target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type) && !target.closest('.popover')) && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|FLUENT-TEXT-INPUT|FLUENT-TEXTAREA|FLUENT-DROPDOWN)$/.test(target.tagName)
    || target.closest('.monaco-editor') !== null);

/** Global keys: Ctrl K for the palette, "g x" to go somewhere, "/" for the page's search box, "f" for its filters, "?" for help; others press what carries data-key. */
export function listen(dotnet: DotNet): { dispose(): void } {
  let going = 0;
  const call = (name: string, ...args: unknown[]) => dotnet.invokeMethodAsync(name, ...args).catch(() => undefined);
  const onKey = (e: KeyboardEvent) => {
    if ((e.ctrlKey || e.metaKey) && !e.shiftKey && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      call('OpenPalette');
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || document.querySelector('dialog[open]')) return;
    if (Date.now() - going < 1200) {
      going = 0;
      const place = ({ o: '', s: 'score', e: 'recommendations', v: 'inventory', c: 'compliance', q: 'incidents', a: 'alerts', r: 'rules', t: 'intelligence', w: 'watchlists', l: 'logs' } as Record<string, string>)[e.key];
      if (place !== undefined) {
        e.preventDefault();
        call('GoTo', place);
      }
      return;
    }
    if (e.key === 'g') going = Date.now();
    else if (e.key === '?') {
      e.preventDefault();
      call('OpenKeys');
    } else if (e.key === '/') {
      const box = document.querySelector<HTMLInputElement>('main [data-search]');
      if (box) {
        e.preventDefault();
        box.focus();
        box.select();
      }
    } else if (e.key.length === 1 && !(e.target as Element).closest?.('.popover')) {
      const one = document.querySelector<HTMLElement>(e.key === 'f' ? 'main .filters .pill' : `main [data-key="${CSS.escape(e.key)}"]:not(:disabled)`);
      if (one) {
        e.preventDefault();
        one.click();
      }
    }
  };
  const onBar = () => call('OpenPalette');
  addEventListener('keydown', onKey);
  document.querySelector('[data-palette]')?.addEventListener('click', onBar);
  document.documentElement.dataset.interactive = 'true';
  return {
    dispose() {
      removeEventListener('keydown', onKey);
      document.querySelector('[data-palette]')?.removeEventListener('click', onBar);
    },
  };
}

/** Changes the query string without a navigation: frequent states such as the selected row. */
export function replaceQuery(values: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === '') url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  history.replaceState(history.state, '', url);
}

/** Small things that this browser keeps for its user, such as saved views. */
export function remembered(key: string): string | null {
  return localStorage.getItem(`bartizan:${key}`);
}

export function remember(key: string, text: string): void {
  localStorage.setItem(`bartizan:${key}`, text);
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function showDialog(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
}

export function closeDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) dialog.close();
}

/** Closes an open popover on Escape or on a press outside it; arrow keys walk through its items. */
export function popover(host: HTMLElement, dotnet: DotNet): { dispose(): void } {
  const close = (focus: boolean) => {
    dotnet.invokeMethodAsync('Close').catch(() => undefined);
    if (focus) host.querySelector<HTMLElement>('button')?.focus();
  };
  const items = () => [...host.querySelectorAll<HTMLElement>('.popover [role=menuitem], .popover input, .popover button')];
  const onPress = (e: Event) => { if (!host.contains(e.target as Node)) close(false); };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'Escape') {
      e.stopPropagation();
      close(true);
    } else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      const all = items();
      const at = all.indexOf(document.activeElement as HTMLElement);
      all[(at + (e.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]?.focus();
    }
  };
  document.addEventListener('pointerdown', onPress);
  host.addEventListener('keydown', onKey);
  // A popover that would leave the window on the right is anchored to the other edge.
  const box = host.querySelector<HTMLElement>('.popover');
  if (box && box.getBoundingClientRect().right > innerWidth - 8) box.classList.add('popover-end');
  items()[0]?.focus({ preventScroll: true });
  return {
    dispose() {
      document.removeEventListener('pointerdown', onPress);
      host.removeEventListener('keydown', onKey);
    },
  };
}

/** A separator that sizes the pane before it, by pointer and by arrow keys; the size is kept per browser. */
export function splitter(handle: HTMLElement, key: string, min: number, max: number): { dispose(): void } {
  const pane = handle.previousElementSibling as HTMLElement;
  const vertical = handle.getAttribute('aria-orientation') === 'vertical';
  const size = () => (vertical ? pane.offsetWidth : pane.offsetHeight);
  const apply = (value: number) => {
    const clamped = Math.round(Math.min(max, Math.max(min, value)));
    pane.style.flexBasis = `${clamped}px`;
    handle.setAttribute('aria-valuenow', String(clamped));
    localStorage.setItem(`bartizan:split:${key}`, String(clamped));
  };
  handle.setAttribute('aria-valuemin', String(min));
  handle.setAttribute('aria-valuemax', String(max));
  handle.setAttribute('aria-valuenow', String(size()));
  const stored = Number(localStorage.getItem(`bartizan:split:${key}`));
  if (stored) apply(stored);
  const onDown = (down: PointerEvent) => {
    const start = vertical ? down.clientX : down.clientY;
    const before = size();
    handle.setPointerCapture(down.pointerId);
    const onMove = (move: PointerEvent) => apply(before + (vertical ? move.clientX : move.clientY) - start);
    handle.addEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', onMove), { once: true });
  };
  const onKey = (e: KeyboardEvent) => {
    const step = ({ ArrowUp: -16, ArrowLeft: -16, ArrowDown: 16, ArrowRight: 16 } as Record<string, number>)[e.key];
    if (step) {
      e.preventDefault();
      apply(size() + step);
    }
  };
  handle.addEventListener('pointerdown', onDown);
  handle.addEventListener('keydown', onKey);
  return {
    dispose() {
      handle.removeEventListener('pointerdown', onDown);
      handle.removeEventListener('keydown', onKey);
    },
  };
}

/** Moves the active option of a list box under a text field that keeps the focus (the command palette). */
export function scrollTo(id: string): void {
  document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
}

export function focus(element: HTMLElement | string): void {
  (typeof element === 'string' ? document.querySelector<HTMLElement>(element) : element)?.focus();
}
