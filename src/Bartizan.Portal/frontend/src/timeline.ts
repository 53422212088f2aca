// What happened when, in lanes, with a range that can be dragged. The range's two ends are sliders for keys as well.

export type Moment = { id: string; at: number; lane: 'alert' | 'activity'; label: string; severity?: string; nodes: string[] };
export type Timeline = { set(moments: Moment[]): void; mark(node: string): void; clear(): void; dispose(): void };
type Events = {
  onRange(active: Set<string> | null): void;
  onPoint(nodes: string[]): void;
  onChoose(node: string): void;
  onSettled(from: number, to: number): void;
};

const ns = 'http://www.w3.org/2000/svg';
const left = 76;
const right = 18;
const top = 12;
const lane = 34;

function make<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>, parent?: Element): SVGElementTagNameMap[K] {
  const element = document.createElementNS(ns, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  parent?.append(element);
  return element;
}

export function createTimeline(host: HTMLElement, events: Events): Timeline {
  let moments: Moment[] = [];
  let start = 0;
  let end = 1;
  let range: [number, number] = [0, 1];
  let marked = '';
  const svg = make('svg', { class: 'timeline', role: 'group', 'aria-label': 'When it happened' }, host);
  const tip = document.createElement('div');
  tip.className = 'timeline-tip';
  tip.hidden = true;
  host.append(tip);

  const width = () => Math.max(host.clientWidth, 320);
  const x = (at: number) => left + ((at - start) / (end - start)) * (width() - left - right);
  const when = (px: number) => start + ((px - left) / (width() - left - right)) * (end - start);
  const lanes = () => (moments.some(m => m.lane === 'activity') ? ['alert', 'activity'] : ['alert']);
  const text = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

  function ticks(): { at: number; text: string }[] {
    const minute = 60_000;
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200].map(m => m * minute);
    const step = steps.find(s => (end - start) / s <= Math.max(3, (width() - left) / 110)) ?? 86_400_000 * 30;
    const found = [];
    for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
      const stamp = new Date(at).toISOString();
      found.push({ at, text: step >= 1440 * minute ? stamp.slice(5, 10) : stamp.slice(11, 16) === '00:00' ? stamp.slice(5, 10) : stamp.slice(11, 16) });
    }
    return found;
  }

  let handles: SVGElement[] = [];
  let band: SVGRectElement;
  let shades: SVGRectElement[] = [];
  let dots: { moment: Moment; dot: SVGElement }[] = [];

  function draw() {
    const rows = lanes();
    const foot = top + rows.length * lane;
    svg.replaceChildren();
    svg.setAttribute('viewBox', `0 0 ${width()} ${foot + 24}`);
    svg.setAttribute('width', String(width()));
    svg.setAttribute('height', String(foot + 24));
    for (const tick of ticks()) {
      make('line', { x1: x(tick.at), x2: x(tick.at), y1: top, y2: foot, class: 'tick' }, svg);
      make('text', { x: x(tick.at), y: foot + 16, class: 'axis', 'text-anchor': 'middle' }, svg).textContent = tick.text;
    }
    rows.forEach((row, i) => {
      const y = top + i * lane + lane / 2;
      make('text', { x: 0, y: y + 4, class: 'lane' }, svg).textContent = row === 'alert' ? 'Alerts' : 'Activities';
      make('line', { x1: left, x2: width() - right, y1: y, y2: y, class: 'rail' }, svg);
    });
    band = make('rect', { y: top - 4, height: foot - top + 4, class: 'band' }, svg);
    dots = moments.map(moment => {
      const row = rows.indexOf(moment.lane);
      const dot = make('circle', {
        cx: x(moment.at), cy: top + row * lane + lane / 2, r: moment.lane === 'alert' ? 6 : 3.5, class: `dot ${moment.lane}`,
        style: moment.severity ? `fill:var(--sev-${moment.severity.toLowerCase()})` : '',
      }, svg);
      dot.addEventListener('pointerenter', () => point(moment, dot));
      dot.addEventListener('pointerleave', leave);
      dot.addEventListener('click', () => { if (moment.nodes[0]) events.onChoose(moment.nodes[0]); });
      return { moment, dot };
    });
    shades = [make('rect', { y: top - 4, height: foot - top + 4, class: 'shade' }, svg), make('rect', { y: top - 4, height: foot - top + 4, class: 'shade' }, svg)];
    handles = [0, 1].map(i => {
      const handle = make('g', { class: 'handle', tabindex: 0, role: 'slider', 'aria-label': i === 0 ? 'Start of the range' : 'End of the range' }, svg);
      make('line', { y1: top - 4, y2: foot }, handle);
      make('rect', { x: -4, y: top + (foot - top) / 2 - 11, width: 8, height: 22, rx: 3 }, handle);
      make('rect', { x: -10, y: top - 4, width: 20, height: foot - top + 4, fill: 'transparent' }, handle);
      handle.addEventListener('pointerdown', e => drag(e as PointerEvent, i as 0 | 1));
      handle.addEventListener('keydown', e => nudge(e as KeyboardEvent, i as 0 | 1));
      return handle;
    });
    paint();
  }

  function paint() {
    const [a, b] = range.map(x) as [number, number];
    band.setAttribute('x', String(a));
    band.setAttribute('width', String(Math.max(0, b - a)));
    shades[0].setAttribute('x', String(left));
    shades[0].setAttribute('width', String(Math.max(0, a - left)));
    shades[1].setAttribute('x', String(b));
    shades[1].setAttribute('width', String(Math.max(0, width() - right - b)));
    handles.forEach((handle, i) => {
      handle.setAttribute('transform', `translate(${i === 0 ? a : b} 0)`);
      handle.setAttribute('aria-valuemin', String(Math.round(start)));
      handle.setAttribute('aria-valuemax', String(Math.round(end)));
      handle.setAttribute('aria-valuenow', String(Math.round(range[i])));
      handle.setAttribute('aria-valuetext', text(range[i]));
    });
    for (const { moment, dot } of dots) dot.classList.toggle('marked', marked !== '' && moment.nodes.includes(marked));
    svg.classList.toggle('brushed', !whole());
  }

  const whole = () => range[0] <= start && range[1] >= end;
  let frame = 0;
  function changed() {
    paint();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (whole()) events.onRange(null);
      else events.onRange(new Set(moments.filter(m => m.at >= range[0] && m.at <= range[1]).flatMap(m => m.nodes)));
    });
  }
  const settled = () => events.onSettled(whole() ? 0 : Math.round(range[0]), whole() ? 0 : Math.round(range[1]));

  function move(i: 0 | 1, at: number) {
    const least = (end - start) / 200;
    range[i] = i === 0 ? Math.min(Math.max(start, at), range[1] - least) : Math.max(Math.min(end, at), range[0] + least);
    changed();
  }

  function drag(down: PointerEvent, i: 0 | 1) {
    const target = down.currentTarget as Element;
    target.setPointerCapture(down.pointerId);
    const onMove = (e: Event) => move(i, when((e as PointerEvent).clientX - svg.getBoundingClientRect().left));
    target.addEventListener('pointermove', onMove);
    target.addEventListener('pointerup', () => { target.removeEventListener('pointermove', onMove); settled(); }, { once: true });
  }

  function nudge(e: KeyboardEvent, i: 0 | 1) {
    const unit = (end - start) / (e.shiftKey ? 10 : 50);
    const to = ({ ArrowLeft: range[i] - unit, ArrowDown: range[i] - unit, ArrowRight: range[i] + unit, ArrowUp: range[i] + unit, Home: start, End: end } as Record<string, number>)[e.key];
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    move(i, to);
    settled();
  }

  // A press on the empty strip draws a new range.
  svg.addEventListener('pointerdown', down => {
    if ((down.target as Element).closest('.handle, .dot')) return;
    const from = when(down.clientX - svg.getBoundingClientRect().left);
    if (from < start || from > end) return;
    svg.setPointerCapture(down.pointerId);
    let moved = false;
    const onMove = (e: PointerEvent) => {
      const to = when(e.clientX - svg.getBoundingClientRect().left);
      if (!moved && Math.abs(x(to) - x(from)) < 4) return;
      moved = true;
      range = [Math.max(start, Math.min(from, to)), Math.min(end, Math.max(from, to))];
      changed();
    };
    svg.addEventListener('pointermove', onMove);
    svg.addEventListener('pointerup', () => {
      svg.removeEventListener('pointermove', onMove);
      if (!moved) range = [start, end];
      changed();
      settled();
    }, { once: true });
  });

  function point(moment: Moment, dot: SVGElement) {
    tip.textContent = `${text(moment.at)}  ${moment.label}`;
    tip.hidden = false;
    const px = Number(dot.getAttribute('cx'));
    tip.style.left = `${Math.min(Math.max(4, px - tip.offsetWidth / 2), width() - tip.offsetWidth - 4)}px`;
    events.onPoint(moment.nodes);
  }
  function leave() {
    tip.hidden = true;
    events.onPoint([]);
  }

  const sizes = new ResizeObserver(() => draw());
  sizes.observe(host);
  return {
    set(next) {
      const kept = !whole();
      moments = [...next].sort((a, b) => a.at - b.at);
      const first = moments[0]?.at ?? 0;
      const last = moments[moments.length - 1]?.at ?? 1;
      const room = Math.max((last - first) * 0.03, 60_000);
      start = first - room;
      end = last + room;
      if (!kept || range[1] > end || range[0] < start) range = [start, end];
      draw();
    },
    mark(node) {
      marked = node;
      if (handles.length) paint();
    },
    clear() {
      range = [start, end];
      changed();
      settled();
    },
    dispose() {
      sizes.disconnect();
      cancelAnimationFrame(frame);
      svg.remove();
      tip.remove();
    },
  };
}
