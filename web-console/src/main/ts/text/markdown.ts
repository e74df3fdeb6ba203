/** Markdown as markup that cannot run: parsed without its HTML, then cleaned. */
import DOMPurify from "dompurify";
import { Marked } from "marked";

const CACHE = 400;
const cache = new Map<string, string>();
/** Markup within the text is shown as what was written. */
const marked = new Marked({ gfm: true, breaks: true, renderer: { html: ({ text }) => escape(text) } });

/** What may be wider than its place is scrolled by keys as well. */
const WIDE = new Set(["PRE", "TABLE"]);

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (WIDE.has(node.tagName)) node.setAttribute("tabindex", "0");
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  }
});

export function markdown(text: string): string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const clean = DOMPurify.sanitize(marked.parse(text, { async: false }), {
    ALLOWED_TAGS: [
      ..."p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del a table thead tbody tr th td".split(" "),
    ],
    // No images: one from elsewhere would tell its server who reads.
    ALLOWED_ATTR: ["href", "title", "target", "rel", "start", "align", "class"],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
    ALLOW_DATA_ATTR: false,
  });
  if (cache.size >= CACHE) cache.delete(cache.keys().next().value!);
  cache.set(text, clean);
  return clean;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
