/** What everything else hangs on: the picture is drawn again, once a frame, after each change. */
let draw: () => void = () => {};
let due = false;

export function drawWith(picture: () => void): void {
  draw = picture;
}

export function changed(): void {
  if (due) return;
  due = true;
  // A hidden tab has no frames; what it shows later is drawn when it is seen again.
  const soon = document.hidden ? (run: () => void) => setTimeout(run, 250) : requestAnimationFrame;
  soon(() => {
    due = false;
    draw();
  });
}

/** Something to tell in passing. */
export interface Notice {
  text: string;
  bad: boolean;
}

const NOTICE_MS = 6_000;
export const notices: Notice[] = [];

export function tell(text: string, bad = false): void {
  const notice = { text, bad };
  notices.push(notice);
  changed();
  setTimeout(() => dismiss(notice), NOTICE_MS);
}

export function dismiss(notice: Notice): void {
  const at = notices.indexOf(notice);
  if (at >= 0) notices.splice(at, 1);
  changed();
}

/** Runs what a person asked for and tells when it fails. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (failure) {
    tell(failure instanceof Error ? failure.message : String(failure), true);
    return undefined;
  } finally {
    changed();
  }
}
