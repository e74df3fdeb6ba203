/** The messages of a session: only those near what is seen are drawn, so that any number scrolls well. */
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { changed } from "../state/app.js";
import type { Viewer } from "../state/viewer.js";
import { colourBlocks } from "../text/highlight.js";
import { messageView } from "./message.js";
import { pending } from "./pending.js";
import { icon } from "./parts.js";

const DRAWN = 90;
const STEP = 40;
/** So many that what one step takes away at one end does not bring the other end near. */
const MOST = DRAWN + 2 * STEP;
const EDGE_PX = 900;
const BOTTOM_PX = 60;

/** Places are counted within the whole session, so that older pages do not move them. */
let shown: Viewer | null = null;
let from = 0;
let to = 0;
/** Where the session ended in the picture that is seen; messages may have come since. */
let drawnEnd = 0;
let following = true;
let anchor: { key: string; top: number } | null = null;

export function conversation(viewer: Viewer): TemplateResult {
  const { transcript } = viewer;
  if (shown?.sessionId !== viewer.sessionId) {
    following = true;
    anchor = null;
  }
  shown = viewer;
  const end = transcript.first + transcript.messages.length;
  if (following || to > end) to = end;
  if (following || from >= to) from = to - DRAWN;
  from = Math.max(transcript.first, from);
  drawnEnd = end;
  const drawn = transcript.messages.slice(from - transcript.first, to - transcript.first);
  return html`<div class="stream" id="stream" tabindex="0" role="log" aria-label="Conversation" @scroll=${() => scrolled(viewer)}>
      <div class="messages">
        ${transcript.hasMore || from > transcript.first ? html`<p class="hint older">${viewer.loadingOlder ? "Loading older messages…" : "Scroll up for older messages"}</p>` : nothing}
        ${drawn.length === 0 && viewer.phase === "live" ? html`<p class="hint older">Nothing has been said yet.</p>` : nothing}
        ${viewer.phase === "loading" ? html`<div class="skeleton"></div>` : nothing}
        ${repeat(
          drawn,
          (_, index) => from + index,
          (message, index) => messageView(transcript, message, from + index),
        )}
        ${to === end ? html`${pending(viewer)} ${transcript.busy ? html`<p class="working" role="status"><span class="pulse"></span>Working…</p>` : nothing}` : nothing}
      </div>
    </div>
    ${following ? nothing : html`<button class="to-end" @click=${toEnd}>${icon("down")} Newest</button>`}`;
}

/** Before the picture changes: what stands at the top of it. */
export function rememberPlace(): void {
  const stream = document.getElementById("stream");
  anchor = null;
  if (stream === null || following) return;
  const edge = stream.getBoundingClientRect().top;
  for (const each of stream.querySelectorAll<HTMLElement>("[data-at]")) {
    const box = each.getBoundingClientRect();
    if (box.bottom > edge) {
      anchor = { key: each.dataset["at"] ?? "", top: box.top };
      return;
    }
  }
}

/** After it changed: the end while following, else what stood at the top stands there again. */
export function keepPlace(): void {
  const stream = document.getElementById("stream");
  if (stream === null) return;
  void colourBlocks(stream);
  if (following) {
    stream.scrollTop = stream.scrollHeight;
  } else if (anchor !== null) {
    const element = stream.querySelector(`[data-at="${anchor.key}"]`);
    const moved = element === null ? 0 : element.getBoundingClientRect().top - anchor.top;
    if (Math.abs(moved) > 1) stream.scrollTop += moved;
  }
  // At the very top nothing scrolls any more, so what came meanwhile is looked for here too.
  if (!following && shown !== null) scrolled(shown);
}

function scrolled(viewer: Viewer): void {
  const stream = document.getElementById("stream");
  if (stream === null) return;
  const { transcript } = viewer;
  const end = transcript.first + transcript.messages.length;
  const below = stream.scrollHeight - stream.scrollTop - stream.clientHeight;
  const before = [from, to, following].join();
  const nearTop = stream.scrollTop < EDGE_PX;
  const nearEnd = below < EDGE_PX;
  following = to === drawnEnd && below < BOTTOM_PX;
  // Where little is drawn both edges are near, and what is drawn grows instead of moving.
  if (!following && nearTop && from > transcript.first) {
    from = Math.max(transcript.first, from - STEP);
    if (!nearEnd) to = Math.min(to, from + MOST);
  } else if (!following && nearEnd && to < end) {
    to = Math.min(end, to + STEP);
    if (!nearTop) from = Math.max(from, to - MOST);
  } else if (!following && nearTop) {
    viewer.loadOlder();
  }
  if ([from, to, following].join() !== before) changed();
}

function toEnd(): void {
  following = true;
  changed();
}
