// Keys of a work grid. Repeated arrow keys are gathered while a call to the server is under way, so that no press is lost.

type DotNet = { invokeMethodAsync(name: string, ...args: unknown[]): Promise<unknown> };

export function attach(scroller: HTMLElement, dotnet: DotNet, rowHeight: number): { dispose(): void; reveal(index: number): void } {
  let pending = 0;
  let busy = false;

  const reveal = (index: number) => {
    const header = scroller.querySelector('thead')?.getBoundingClientRect().height ?? 0;
    const top = index * rowHeight;
    const visible = scroller.clientHeight - header;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + rowHeight > scroller.scrollTop + visible) scroller.scrollTop = top + rowHeight - visible;
  };

  const flush = async () => {
    if (busy || pending === 0) return;
    busy = true;
    const by = pending;
    pending = 0;
    try {
      const index = (await dotnet.invokeMethodAsync('MoveBy', by)) as number;
      if (index >= 0) reveal(index);
    } catch {
      // The circuit is gone; the reconnect dialog speaks for it.
    }
    busy = false;
    flush();
  };

  const page = () => Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 1);
  const onKey = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const target = e.target as HTMLElement;
    if (target !== scroller && target.matches('input, select, textarea, a, button')) return;
    const step = ({ ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page(), PageUp: -page(), Home: -1e9, End: 1e9 } as Record<string, number>)[e.key];
    if (step !== undefined) {
      e.preventDefault();
      pending += step;
      flush();
    } else if (['Enter', ' ', 'Escape', 'o', 'x'].includes(e.key)) {
      if (e.key === ' ') e.preventDefault();
      dotnet.invokeMethodAsync('Press', e.key).catch(() => undefined);
    }
  };
  scroller.addEventListener('keydown', onKey);
  return { dispose: () => scroller.removeEventListener('keydown', onKey), reveal };
}
