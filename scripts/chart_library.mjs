/*
 * Make soarkit/enrichments/charts/assets/vendor/echarts.min.js, the part of Apache ECharts that charts are drawn with.
 *
 *     mkdir scratch && cp scripts/chart_library.mjs scratch/ && cd scratch
 *     npm install --ignore-scripts echarts@6.1.0 zrender@6.1.0 esbuild@0.28.2 snabbdom@3.6.4
 *     node chart_library.mjs ../soarkit/enrichments/charts/assets/vendor
 *
 * The same versions give the same bytes. One thing is changed on the way: where the library empties an element by
 * `innerHTML = ""` it says `textContent = ""`, since the page's Trusted Types let no text become markup, not even none.
 */
import { build } from "esbuild";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MODULES = `
import { dispose, getInstanceByDom, init, use } from "echarts/core";
import { BarChart, CustomChart, GaugeChart, GraphChart, LineChart, PieChart } from "echarts/charts";
import {
  GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TitleComponent, TooltipComponent,
  VisualMapContinuousComponent, VisualMapPiecewiseComponent,
} from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
use([
  BarChart, CustomChart, GaugeChart, GraphChart, LineChart, PieChart,
  GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TitleComponent, TooltipComponent,
  VisualMapContinuousComponent, VisualMapPiecewiseComponent,
  LabelLayout, CanvasRenderer, SVGRenderer,
]);
export { dispose, getInstanceByDom, init };
`;
const EMPTIED = /\.innerHTML = (?:''|null);/g;
const CHANGED = { "TooltipHTMLContent.js": 2, "svg/Painter.js": 2, "canvas/Painter.js": 2 };

const target = process.argv[2];
const emptying = {
  name: "emptying",
  setup(run) {
    run.onLoad({ filter: /(TooltipHTMLContent|(svg|canvas)\/Painter)\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const [, expected] = Object.entries(CHANGED).find(([name]) => path.endsWith(name));
      if ((text.match(EMPTIED) ?? []).length !== expected) throw new Error(`${path} is another than was looked at`);
      return { contents: text.replace(EMPTIED, ".textContent = '';"), loader: "js" };
    });
  },
};

const made = await build({
  stdin: { contents: MODULES, resolveDir: process.cwd() },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"', __DEV__: "false" },
  banner: { js: "/* Part of Apache ECharts 6.1.0 and ZRender 6.1.0, changed: see README.md. Apache-2.0, BSD-3-Clause. */" },
  plugins: [emptying],
  write: false,
});
const text = made.outputFiles[0].text.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--");
await writeFile(join(target, "echarts.min.js"), text);
for (const name of ["LICENSE", "NOTICE"]) await copyFile(join("node_modules/echarts", name), join(target, `echarts.${name}.txt`));
await copyFile("node_modules/zrender/LICENSE", join(target, "zrender.LICENSE.txt"));
// What the two have taken from others: statistics and steps of time, helpers of TypeScript, the patching of SVG.
await copyFile("node_modules/echarts/licenses/LICENSE-d3", join(target, "d3.LICENSE.txt"));
await copyFile("node_modules/tslib/LICENSE.txt", join(target, "tslib.LICENSE.txt"));
await copyFile("node_modules/snabbdom/LICENSE", join(target, "snabbdom.LICENSE.txt"));
