// Draws every chart of a page.  The page holds the option as data, never as code:
//
//   {{ option|json_script:"coverage-data" }}
//   <figure class="k-chart">
//     <div data-chart="coverage-data" aria-label="各部门已登记单位数，文旅局最少，3 家"></div>
//     <figcaption>…</figcaption>
//   </figure>
//   <details class="k-more"><summary>看数据</summary><table class="k-tb">…</table></details>
//
// A datum { value, url } leads on when clicked; the table gives the same links to the keyboard.
import { BarChart, LineChart } from "echarts/charts";
import {
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  LineChart,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

// The colours are those of the sheet: one place to change them.
const sheet = getComputedStyle(document.documentElement);
const token = (name) => sheet.getPropertyValue(`--k-${name}`).trim();

function theme() {
  const small = { color: token("text-2"), fontSize: 12, fontFamily: token("sans") };
  const axis = {
    axisLine: { show: true, lineStyle: { color: token("rule-2") } },
    axisTick: { show: false },
    axisLabel: small,
    nameTextStyle: small,
    splitLine: { lineStyle: { color: token("rule") } },
  };
  return {
    // Told apart by lightness as well, so that a grey print still reads.
    color: [token("ink"), token("mist"), token("ink-4"), token("stone"), token("ink-3")],
    textStyle: { fontFamily: token("sans"), color: token("text") },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    legend: {
      textStyle: small, itemWidth: 12, itemHeight: 8, itemGap: 16, icon: "rect", top: 0,
      left: "auto", right: 0,
    },
    bar: { barMaxWidth: 22 },
    line: { symbol: "circle", symbolSize: 6, lineStyle: { width: 2 } },
    markLine: {
      symbol: "none",
      lineStyle: { color: token("ink"), type: "dashed" },
      label: { ...small, color: token("text"), formatter: "{b}", position: "insideEndTop" },
    },
  };
}

// What every chart of the house shares.  Nothing moves; the tip is drawn, not written as HTML, since
// the policy of the pages allows no style attributes.
const house = {
  animation: false,
  grid: { left: 4, right: 16, top: 32, bottom: 4, containLabel: true },
  tooltip: {
    renderMode: "richText",
    trigger: "axis",
    axisPointer: { type: "none" },
    borderRadius: 0,
    shadowBlur: 0,
    shadowOffsetX: 0,
    shadowOffsetY: 0,
    borderWidth: 1,
    borderColor: token("ink-4"),
    backgroundColor: token("white"),
    textStyle: { color: token("text"), fontSize: 12, fontFamily: token("sans") },
  },
};

function merged(option) {
  const single = (part) => part && !Array.isArray(part);
  const whole = { ...house, ...option };
  if (single(option.grid)) whole.grid = { ...house.grid, ...option.grid };
  if (single(option.tooltip)) whole.tooltip = { ...house.tooltip, ...option.tooltip };
  return whole;
}

function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || echarts.getInstanceByDom(place)) return;
  const chart = echarts.init(place, "kaohe", { renderer: "svg" });
  chart.setOption(merged(JSON.parse(source.textContent)));
  place.setAttribute("role", "img");
  chart.on("click", (event) => {
    const url = event.data && event.data.url;
    // Only places of this site: an option may hold words that somebody typed.
    if (typeof url === "string" && /^\/(?!\/)/.test(url)) window.location.assign(url);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}

function drawAll() {
  document.querySelectorAll("[data-chart]").forEach(draw);
}

echarts.registerTheme("kaohe", theme());
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawAll);
else drawAll();
document.addEventListener("htmx:afterSettle", drawAll);

// Paper is narrower than the screen: let the drawing shrink with the sheet.
window.addEventListener("beforeprint", () => {
  for (const svg of document.querySelectorAll("[data-chart] svg")) {
    const { width, height } = svg.getBoundingClientRect();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
});
