// Charts of `render` in Logs. Drawn as SVG by ECharts with the page's own colours, and again when the theme changes.
import * as echarts from 'echarts/core';
import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { DatasetComponent, GridComponent, LegendComponent, TooltipComponent, DataZoomComponent, AriaComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, PieChart, ScatterChart, DatasetComponent, GridComponent, LegendComponent, TooltipComponent, DataZoomComponent, AriaComponent, SVGRenderer]);

type Series = { name: string; values: (number | null)[] };
type Chart = { kind: 'line' | 'area' | 'bar' | 'column' | 'pie' | 'scatter'; stacked: boolean; isTime: boolean; isNumber: boolean; x: (string | number)[]; series: Series[]; xTitle: string; yTitle: string };

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function options(chart: Chart): any {
  const text = colour('text-2');
  const line = colour('line');
  const palette = [1, 2, 3, 4, 5, 6, 7, 8].map(n => colour(`series-${n}`));
  const shared = {
    color: palette,
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: text },
    tooltip: {
      trigger: chart.kind === 'pie' || chart.kind === 'scatter' ? 'item' : 'axis', confine: true, backgroundColor: colour('card'), borderColor: line,
      textStyle: { color: colour('text'), fontSize: 12 }, axisPointer: { type: chart.kind === 'line' || chart.kind === 'area' ? 'line' : 'shadow', lineStyle: { color: colour('line-strong') }, shadowStyle: { color: 'rgba(128,136,148,.12)' } },
    },
    legend: chart.series.length > 1 || chart.kind === 'pie'
      ? { type: 'scroll', top: 6, left: 12, right: 12, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: text }, pageTextStyle: { color: text }, pageIconColor: text } : undefined,
  };
  if (chart.kind === 'pie') {
    const values = chart.series[0]?.values ?? [];
    return {
      ...shared,
      series: [{ type: 'pie', radius: ['44%', '72%'], center: ['50%', '55%'], itemStyle: { borderColor: colour('card'), borderWidth: 2 },
        label: { color: text, formatter: '{b}  {d}%' }, labelLine: { lineStyle: { color: colour('line-strong') } }, data: chart.x.map((name, i) => ({ name: String(name), value: values[i] })) }],
    };
  }
  const flat = chart.kind === 'bar';
  const main = {
    type: chart.isTime ? 'time' : chart.isNumber && (chart.kind === 'line' || chart.kind === 'area' || chart.kind === 'scatter') ? 'value' : 'category',
    data: chart.isTime || (chart.isNumber && chart.kind !== 'bar' && chart.kind !== 'column') ? undefined : chart.x.map(String),
    inverse: flat, name: chart.xTitle || undefined, nameLocation: 'middle', nameGap: 28, scale: true,
    axisLine: { lineStyle: { color: colour('line-strong') } }, axisTick: { show: false }, axisLabel: { color: text, hideOverlap: true, overflow: 'truncate', width: flat ? 160 : 120 }, splitLine: { show: false },
  };
  const value = { type: 'value', name: chart.yTitle || undefined, axisLabel: { color: text }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: text, align: 'left' } };
  const paired = chart.isTime || main.type === 'value';
  return {
    ...shared,
    useUTC: true,
    grid: { left: 16, right: 24, top: shared.legend ? 44 : 22, bottom: chart.xTitle && !flat ? 36 : 14, containLabel: true },
    xAxis: flat ? value : main,
    yAxis: flat ? main : value,
    dataZoom: chart.x.length > 24 && !flat ? [{ type: 'inside', zoomOnMouseWheel: 'ctrl' }] : undefined,
    series: chart.series.map(series => ({
      name: series.name,
      type: chart.kind === 'line' || chart.kind === 'area' ? 'line' : chart.kind === 'scatter' ? 'scatter' : 'bar',
      stack: chart.stacked ? 'all' : undefined,
      areaStyle: chart.kind === 'area' ? { opacity: chart.stacked ? 0.55 : 0.22 } : undefined,
      lineStyle: { width: 2 },
      showSymbol: chart.x.length < 40,
      symbolSize: chart.kind === 'scatter' ? 7 : 5,
      barMaxWidth: 44,
      itemStyle: chart.kind === 'bar' || chart.kind === 'column' ? { borderRadius: chart.stacked ? 0 : 2 } : undefined,
      data: paired ? series.values.map((v, i) => [chart.x[i], v]) : series.values,
    })),
  };
}

export function create(host: HTMLElement, json: string) {
  let chart = JSON.parse(json) as Chart;
  const instance = echarts.init(host, undefined, { renderer: 'svg' });
  const draw = () => instance.setOption(options(chart), true);
  const sizes = new ResizeObserver(() => instance.resize());
  sizes.observe(host);
  addEventListener('bartizan:theme', draw);
  draw();
  return {
    update(next: string) {
      chart = JSON.parse(next);
      draw();
    },
    dispose() {
      removeEventListener('bartizan:theme', draw);
      sizes.disconnect();
      instance.dispose();
    },
  };
}
