/** A small curve with its latest value; told in words to those who do not see it. */
import { html, nothing, svg, type TemplateResult } from "lit-html";
import type { Curve } from "../state/operator.js";

const WIDTH = 120;
const HEIGHT = 36;
const POINTS = 60;

export function chart(label: string, curve: Curve, unit: string): TemplateResult {
  const known = curve.filter((each) => each !== null);
  const latest = curve.at(-1) ?? null;
  const most = Math.max(...known, 0);
  const said = latest === null ? "nothing yet" : `${figure(latest)} ${unit}, at most ${figure(most)}`;
  return html`<figure class="chart">
    <figcaption>${label}</figcaption>
    <b>${latest === null ? "–" : figure(latest)}<small> ${unit}</small></b>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}: ${said}">
      ${known.length < 2 ? nothing : svg`<path d=${path(curve, most)} />`}
    </svg>
  </figure>`;
}

function path(curve: Curve, most: number): string {
  const scale = most === 0 ? 0 : (HEIGHT - 4) / most;
  const first = POINTS - curve.length;
  let pen = "M";
  return curve
    .map((value, at) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const step = `${pen}${(((first + at) * WIDTH) / (POINTS - 1)).toFixed(1)} ${(HEIGHT - 2 - value * scale).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}

function figure(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(0)}k`;
  if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
