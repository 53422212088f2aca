// The investigation graph: a canvas by Cytoscape, a menu of questions in the page's own elements, and the time line below.
// Everything shown here is also in the page's list, which is made on the server.
import cytoscape, { type Core, type NodeSingular } from 'cytoscape';
import fcose from 'cytoscape-fcose';
import dagre from 'cytoscape-dagre';
import { createTimeline, type Moment, type Timeline } from './timeline';

cytoscape.use(fcose as any);
cytoscape.use(dagre as any);

type DotNet = { invokeMethodAsync(name: string, ...args: unknown[]): Promise<any> };
type Node = { id: string; group: 'incident' | 'alert' | 'entity'; kind: string; label: string; hue: string; severity?: string; added?: boolean };
type Edge = { id: string; from: string; to: string; label?: string; inferred?: boolean };
type Picture = { nodes: Node[]; edges: Edge[]; moments: Moment[] };
type Question = { id: string; title: string; hint?: string };

const fine = 120;
const rough = 250;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The icon as a picture in one colour; canvas cannot use the page's style sheet. */
function picture(body: string, size: number, fill: string): string {
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 ${size} ${size}" fill="${fill}">${body}</svg>`)}`;
}

export function create(host: HTMLElement, strip: HTMLElement, dotnet: DotNet, iconsJson: string, pictureJson: string) {
  const icons = JSON.parse(iconsJson) as Record<string, { body: string; size: number }>;
  const call = (name: string, ...args: unknown[]) => dotnet.invokeMethodAsync(name, ...args).catch(() => undefined);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  let shown: Picture = { nodes: [], edges: [], moments: [] };
  let selected = '';
  let arrangement: 'organic' | 'layered' = 'organic';

  const fill = (node: Node) => (node.group === 'entity' ? colour(node.hue) : colour(`sev-${(node.severity ?? 'informational').toLowerCase()}`));
  const onAlert = () => (document.documentElement.dataset.theme === 'dark' ? '#ffffff' : '#ffffff');
  const look = (node: Node) => ({
    ...node,
    short: node.label.length > 26 ? `${node.label.slice(0, 25)}…` : node.label,
    fill: fill(node),
    image: picture(icons[node.kind]?.body ?? icons.Other.body, icons[node.kind]?.size ?? icons.Other.size, node.group === 'entity' ? fill(node) : onAlert()),
  });

  const cy: Core = cytoscape({
    container: host,
    minZoom: 0.08,
    maxZoom: 3,
    wheelSensitivity: 0.3,
    boxSelectionEnabled: false,
    style: style(),
  });

  function style(): any {
    const text = colour('text');
    const plate = colour('canvas');
    const many = shown.nodes.length > rough;
    return [
      { selector: 'node', style: {
        label: 'data(short)', color: text, 'font-family': 'Segoe UI, Inter Variable, sans-serif', 'font-size': 12, 'text-valign': 'bottom', 'text-margin-y': 5,
        'text-background-color': plate, 'text-background-opacity': 0.88, 'text-background-padding': '2px', 'text-background-shape': 'roundrectangle',
        'background-image': 'data(image)', 'background-width': '52%', 'background-height': '52%', 'min-zoomed-font-size': 7,
        'transition-property': 'opacity', 'transition-duration': still ? 0 : 120,
      } },
      { selector: 'node[group="entity"]', style: { shape: 'ellipse', width: 36, height: 36, 'background-color': colour('card'), 'border-width': 2, 'border-color': 'data(fill)' } },
      { selector: 'node[group="alert"]', style: { shape: 'round-rectangle', width: 30, height: 30, 'background-color': 'data(fill)', 'border-width': 0 } },
      // In a crowded picture the entities that hold it together keep their names; the others show theirs on coming nearer.
      { selector: 'node[group!="alert"]', style: { 'font-size': (node: any) => crowded() && node.degree() >= 3 ? 21 : 12 } },
      { selector: 'node[group="alert"][?added]', style: { 'border-width': 2, 'border-style': 'dashed', 'border-color': colour('text-3') } },
      { selector: 'node[group="incident"]', style: { shape: 'round-rectangle', width: 54, height: 54, 'background-color': 'data(fill)', 'font-weight': 600, 'background-width': '56%', 'background-height': '56%' } },
      { selector: 'edge', style: {
        width: 1.2, 'line-color': colour('line-strong'), 'curve-style': many ? 'haystack' : 'bezier', 'target-arrow-shape': many ? 'none' : 'triangle',
        'target-arrow-color': colour('line-strong'), 'arrow-scale': 0.7, 'transition-property': 'opacity', 'transition-duration': still ? 0 : 120,
      } },
      { selector: 'edge[label]', style: many ? {} : {
        label: 'data(label)', 'font-size': 10, color: colour('text-3'), 'text-rotation': 'autorotate', 'text-background-color': plate, 'text-background-opacity': 1,
        'text-background-padding': '2px', 'min-zoomed-font-size': 8, 'font-family': 'Segoe UI, Inter Variable, sans-serif',
      } },
      { selector: 'edge[?inferred]', style: { 'line-style': 'dashed', 'line-dash-pattern': [4, 3] } },
      { selector: 'edge.near', style: { 'line-color': colour('brand'), 'target-arrow-color': colour('brand'), width: 2 } },
      { selector: 'node.chosen', style: { 'overlay-color': colour('brand'), 'overlay-opacity': 0.16, 'overlay-padding': 6, 'border-width': 3, 'border-color': colour('brand'), 'border-style': 'solid' } },
      { selector: 'node.hover', style: { 'overlay-color': colour('brand'), 'overlay-opacity': 0.1, 'overlay-padding': 5 } },
      { selector: '.faded', style: { opacity: 0.18 } },
    ];
  }

  function arrange(fixed: Set<string>, animate: boolean): Promise<void> {
    const count = cy.nodes().length;
    if (count === 0) return Promise.resolve();
    const options: any = arrangement === 'layered'
      ? { name: 'dagre', rankDir: 'LR', nodeSep: 26, rankSep: 110, animate: animate && !still, animationDuration: 350, fit: fixed.size === 0, padding: 60 }
      : {
          name: 'fcose', quality: count <= fine ? 'proof' : count <= rough ? 'default' : 'draft', randomize: fixed.size === 0, animate: animate && !still && count <= rough,
          animationDuration: 450, fit: fixed.size === 0, padding: 56, nodeRepulsion: 9000, idealEdgeLength: crowded() ? 150 : 105, edgeElasticity: 0.35, gravity: 0.2, packComponents: true,
          nodeSeparation: 110, nodeDimensionsIncludeLabels: true, fixedNodeConstraint: fixed.size === 0 ? undefined
            : [...fixed].map(id => ({ nodeId: id, position: cy.getElementById(id).position() })),
        };
    return new Promise(done => {
      const layout = cy.layout(options);
      layout.one('layoutstop', () => done());
      layout.run();
    });
  }

  function crowded() { return cy.nodes().length > 40; }

  async function show(next: Picture, animate: boolean) {
    const known = new Set(cy.nodes().map(node => node.id()));
    shown = next;
    cy.style(style());
    const wanted = new Set([...next.nodes.map(n => n.id), ...next.edges.map(e => e.id)]);
    cy.batch(() => {
      cy.elements().forEach(element => { if (!wanted.has(element.id())) element.remove(); });
      for (const node of next.nodes) {
        const present = cy.getElementById(node.id);
        if (present.nonempty()) present.data(look(node));
        else {
          // A new node starts beside the one it was found from, so that the eye can follow it.
          const edge = next.edges.find(e => (e.from === node.id && known.has(e.to)) || (e.to === node.id && known.has(e.from)));
          const origin = edge && cy.getElementById(edge.from === node.id ? edge.to : edge.from).position();
          cy.add({ group: 'nodes', data: look(node), position: origin ? { x: origin.x + 8, y: origin.y + 8 } : undefined } as any);
        }
      }
      for (const edge of next.edges) {
        const present = cy.getElementById(edge.id);
        const data = { id: edge.id, source: edge.from, target: edge.to, label: edge.label || undefined, inferred: edge.inferred };
        if (present.nonempty()) present.data(data);
        else cy.add({ group: 'edges', data });
      }
    });
    const fixed = new Set([...known].filter(id => wanted.has(id)));
    if (fixed.size !== next.nodes.length) {
      await arrange(arrangement === 'layered' ? new Set() : fixed, animate);
      if (fixed.size > 0) reveal();
      else calm();
    }
    timeline.set(next.moments);
    choose(selected, false);
    host.dataset.ready = 'true';
  }

  /** A small graph does not fill the canvas with giant nodes. */
  function calm() {
    if (cy.zoom() > 1.25) {
      cy.zoom(1.25);
      cy.center();
    }
  }

  /** After an expansion all must stay in sight: the picture is only zoomed out, and only if something left it. */
  function reveal() {
    const box = cy.elements().renderedBoundingBox();
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > host.clientWidth || box.y2 > host.clientHeight) {
      cy.animate({ fit: { eles: cy.elements(), padding: 56 } }, { duration: still ? 0 : 300 });
    }
  }

  function choose(id: string, tell: boolean) {
    selected = id;
    cy.batch(() => {
      cy.elements('.chosen, .near').removeClass('chosen near');
      if (id) {
        const node = cy.getElementById(id);
        node.addClass('chosen');
        node.connectedEdges().addClass('near');
      }
    });
    timeline.mark(id);
    if (tell) call('Chosen', id);
  }

  let dimmed = new Set<string>();
  function dim(active: Set<string> | null) {
    const next = new Set<string>();
    if (active) for (const node of shown.nodes) if (!active.has(node.id) && node.group !== 'incident') next.add(node.id);
    cy.batch(() => {
      for (const id of dimmed) if (!next.has(id)) cy.getElementById(id).removeClass('faded');
      for (const id of next) if (!dimmed.has(id)) cy.getElementById(id).addClass('faded');
      cy.edges().forEach(edge => { edge.toggleClass('faded', next.has(edge.source().id()) || next.has(edge.target().id())); });
    });
    dimmed = next;
  }

  // The menu of questions.
  const menu = document.createElement('div');
  menu.className = 'ask';
  menu.setAttribute('role', 'menu');
  menu.hidden = true;
  host.append(menu);
  let asked = '';
  let leaving = 0;
  let entering = 0;

  async function ask(node: NodeSingular, focus: boolean) {
    const id = node.id();
    if (asked === id && !menu.hidden) {
      if (focus) menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
      return;
    }
    asked = id;
    const questions = (await call('QuestionsOf', id)) as Question[] | undefined;
    if (asked !== id || !questions || cy.getElementById(id).empty()) return;
    menu.replaceChildren();
    const head = document.createElement('div');
    head.className = 'ask-head';
    const kind = document.createElement('span');
    kind.textContent = node.data('kind') === 'SecurityAlert' ? 'Alert' : node.data('kind');
    const title = document.createElement('strong');
    title.textContent = node.data('label');
    head.append(kind, title);
    menu.append(head);
    menu.setAttribute('aria-label', `Questions about ${node.data('label')}`);
    for (const question of questions) {
      const item = document.createElement('button');
      item.type = 'button';
      item.setAttribute('role', 'menuitem');
      item.textContent = question.title;
      if (question.hint) item.title = question.hint;
      item.addEventListener('click', () => {
        hide();
        host.focus();
        call('Ask', id, question.id);
      });
      menu.append(item);
    }
    if (questions.length === 0) {
      const none = document.createElement('p');
      none.className = 'meta';
      none.textContent = 'No questions for this kind';
      menu.append(none);
    }
    menu.hidden = false;
    place(node);
    if (focus) menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }

  /** On whichever side of the node the menu covers the fewest other nodes. */
  function place(node: NodeSingular) {
    const at = node.renderedPosition();
    const reach = node.renderedWidth() / 2 + 10;
    const { offsetWidth: w, offsetHeight: h } = menu;
    const others = cy.nodes().filter(other => other.id() !== node.id()).map(other => other.renderedPosition());
    const fit = (x: number, y: number) => ({ x: Math.min(Math.max(8, x), host.clientWidth - w - 8), y: Math.min(Math.max(8, y), host.clientHeight - h - 8) });
    const spots = [fit(at.x + reach, at.y - h / 2), fit(at.x - reach - w, at.y - h / 2), fit(at.x - w / 2, at.y + reach + 18), fit(at.x - w / 2, at.y - reach - h),
      fit(at.x + reach, at.y - 12), fit(at.x - reach - w, at.y - 12)];
    const covers = (spot: { x: number; y: number }) => {
      const inside = (p: { x: number; y: number }, room: number) => p.x > spot.x - room && p.x < spot.x + w + room && p.y > spot.y - room && p.y < spot.y + h + room;
      return others.filter(p => inside(p, 16)).length + (inside(at, reach - 12) ? 100 : 0);
    };
    const best = spots.reduce((a, b) => (covers(b) < covers(a) ? b : a));
    menu.style.left = `${best.x}px`;
    menu.style.top = `${best.y}px`;
  }

  function hide() {
    menu.hidden = true;
    asked = '';
  }

  menu.addEventListener('pointerenter', () => clearTimeout(leaving));
  menu.addEventListener('pointerleave', () => { leaving = window.setTimeout(hide, 250); });
  menu.addEventListener('keydown', e => {
    const items = [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') items[(at + (e.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus();
    else if (e.key === 'Escape') { hide(); host.focus(); }
    else return;
    e.preventDefault();
    e.stopPropagation();
  });

  cy.on('mouseover', 'node', e => {
    host.style.cursor = 'pointer';
    e.target.addClass('hover');
    timeline.mark(e.target.id());
    clearTimeout(leaving);
    clearTimeout(entering);
    entering = window.setTimeout(() => ask(e.target, false), 280);
  });
  cy.on('mouseout', 'node', e => {
    host.style.cursor = '';
    e.target.removeClass('hover');
    timeline.mark(selected);
    clearTimeout(entering);
    leaving = window.setTimeout(hide, 300);
  });
  cy.on('grab', 'node', () => { clearTimeout(entering); hide(); });
  cy.on('pan zoom', () => { if (!menu.hidden) hide(); });
  cy.on('tap', 'node', e => choose(e.target.id(), true));
  cy.on('tap', e => { if (e.target === cy) { hide(); choose('', true); } });

  // Arrow keys go to the neighbour that lies in that direction; without one, to the nearest node there.
  const onKey = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || menu.contains(e.target as globalThis.Node)) return;
    const ways: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const way = ways[e.key];
    const now = selected ? cy.getElementById(selected) : cy.nodes('[group="incident"]');
    if (way) {
      if (!selected) choose(now.id(), true);
      else step(now as any, way);
    } else if (e.key === 'Enter' && selected) ask(now as any, true);
    else if (e.key === ' ' && selected) call('Ask', selected, '');
    else if (e.key === '+' || e.key === '=') zoom(1.25);
    else if (e.key === '-') zoom(0.8);
    else if (e.key === '0') fit();
    else if (e.key === 'Escape') { hide(); choose('', true); }
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  host.addEventListener('keydown', onKey);

  function step(from: NodeSingular, [dx, dy]: [number, number]) {
    const origin = from.position();
    const score = (node: NodeSingular) => {
      const p = node.position();
      const along = (p.x - origin.x) * dx + (p.y - origin.y) * dy;
      const aside = Math.abs((p.x - origin.x) * dy) + Math.abs((p.y - origin.y) * dx);
      return along <= 1 || aside > along * 2.2 ? Infinity : along + aside * 1.6;
    };
    const best = (nodes: any) => nodes.toArray().map((n: NodeSingular) => ({ n, s: score(n) })).filter((x: any) => x.s < Infinity).sort((a: any, b: any) => a.s - b.s)[0]?.n;
    const next = best(from.neighborhood('node')) ?? best(cy.nodes().difference(from));
    if (!next) return;
    choose(next.id(), true);
    const at = next.renderedPosition();
    if (at.x < 30 || at.y < 30 || at.x > host.clientWidth - 30 || at.y > host.clientHeight - 30) cy.animate({ center: { eles: next } }, { duration: still ? 0 : 200 });
  }

  function zoom(by: number) {
    cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: host.clientWidth / 2, y: host.clientHeight / 2 } });
  }

  function fit() {
    cy.animate({ fit: { eles: cy.elements(), padding: 56 } }, { duration: still ? 0 : 250, complete: calm });
  }

  const timeline: Timeline = createTimeline(strip, {
    onRange: active => dim(active),
    onPoint: ids => {
      cy.nodes('.hover').removeClass('hover');
      for (const id of ids) cy.getElementById(id).addClass('hover');
    },
    onChoose: id => choose(id, true),
    onSettled: (from, to) => call('Brushed', from, to),
  });

  const onTheme = () => {
    cy.batch(() => shown.nodes.forEach(node => cy.getElementById(node.id).data(look(node))));
    cy.style(style());
  };
  addEventListener('bartizan:theme', onTheme);
  const sizes = new ResizeObserver(() => cy.resize());
  sizes.observe(host);
  show(JSON.parse(pictureJson), false);

  return {
    update: (json: string) => show(JSON.parse(json), true),
    choose: (id: string) => choose(id, false),
    fit,
    zoom,
    arrange: async (name: 'organic' | 'layered') => {
      arrangement = name;
      await arrange(new Set(), true);
    },
    clearRange: () => timeline.clear(),
    png: () => cy.png({ full: true, scale: 2, bg: colour('canvas') }),
    savePng: (name: string) => {
      const link = document.createElement('a');
      link.href = cy.png({ full: true, scale: 2, bg: colour('canvas') });
      link.download = name;
      link.click();
    },
    dispose: () => {
      removeEventListener('bartizan:theme', onTheme);
      host.removeEventListener('keydown', onKey);
      sizes.disconnect();
      timeline.dispose();
      clearTimeout(entering);
      clearTimeout(leaving);
      menu.remove();
      cy.destroy();
    },
  };
}
