/** What a runner will do by the clock, with the sessions that asked for it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { del, get, seg } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";
import { href } from "../state/router.js";

interface Schedule {
  subscriptionId: string;
  sessionId: string;
  triggerType: string;
  params?: Record<string, unknown>;
  sessionName: string | null;
  cwd: string | null;
}

const loaded = new Map<string, Schedule[]>();

export function schedulesFold(runnerId: string): TemplateResult {
  const opened = (event: Event): void => {
    if ((event.target as HTMLDetailsElement).open) void load(runnerId);
  };
  const schedules = loaded.get(runnerId);
  return html`<details class="more" @toggle=${opened}>
    <summary>Schedules</summary>
    ${schedules?.length === 0 ? html`<p class="hint">None</p>` : nothing}
    <ul class="rows">
      ${(schedules ?? []).map(
        (each) => html`<li>
          <div class="grow">
            <b>${each.triggerType.replace("time:", "")}</b> <code>${JSON.stringify(each.params ?? {})}</code>
            <small class="hint"><a href=${href("session", each.sessionId)}>${each.sessionName ?? each.cwd ?? "its session"}</a></small>
          </div>
          <button class="small" @click=${() => void remove(runnerId, each)}>Remove</button>
        </li>`,
      )}
    </ul>
  </details>`;
}

async function load(runnerId: string): Promise<void> {
  const found = await attempt(() => get<{ schedules: Schedule[] }>(`/api/runners/${seg(runnerId)}/schedules`));
  if (found !== undefined) loaded.set(runnerId, found.schedules);
  changed();
}

async function remove(runnerId: string, each: Schedule): Promise<void> {
  const path = `/api/sessions/${seg(each.sessionId)}/trigger-subscriptions/${seg(each.triggerType)}`;
  await attempt(() => del(`${path}?subscriptionId=${seg(each.subscriptionId)}`));
  await load(runnerId);
}
