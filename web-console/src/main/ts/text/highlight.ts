/** Colours for code, loaded when the first code is shown. */
type Highlighter = (code: string, language: string) => string | null;

const LARGEST = 60_000;
let loading: Promise<Highlighter> | null = null;

/** Colours the code blocks below an element that have none yet. */
export async function colourBlocks(root: ParentNode): Promise<void> {
  const blocks = [...root.querySelectorAll<HTMLElement>("pre > code[class*='language-']:not(.coloured)")];
  if (blocks.length === 0) return;
  const highlight = await load();
  for (const block of blocks) {
    block.classList.add("coloured");
    const language = /language-([\w+#-]+)/.exec(block.className)?.[1] ?? "";
    const code = block.textContent ?? "";
    const coloured = code.length > LARGEST ? null : highlight(code, language);
    if (coloured !== null) block.innerHTML = coloured;
  }
}

export async function colour(code: string, language: string): Promise<string | null> {
  return code.length > LARGEST * 4 ? null : (await load())(code, language);
}

function load(): Promise<Highlighter> {
  loading ??= import("./languages.js").then((module) => module.highlight);
  return loading;
}
