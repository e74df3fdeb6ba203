/** Starts the console and draws it. */
import { html, render, type TemplateResult } from "lit-html";
import { account, checkAccount, watchAccount, whenUserChanges } from "./state/account.js";
import { changed, drawWith } from "./state/app.js";
import { feeds, waitsForSomebody } from "./state/feeds.js";
import { connect, disconnect, live, showSession } from "./state/live.js";
import { checkOperator, forgetOperator } from "./state/operator.js";
import { place, watchPlace } from "./state/router.js";
import { keepPlace, rememberPlace } from "./views/conversation.js";
import { filesView } from "./views/files.js";
import { homeView } from "./views/home.js";
import { loadOperator, operatorView } from "./views/operator.js";
import { page } from "./views/parts.js";
import { loadPush } from "./views/push.js";
import { sessionView } from "./views/session.js";
import { loadSettings, settingsView } from "./views/settings.js";
import { closeDrawer, noticeList, shell } from "./views/shell.js";
import { signView } from "./views/sign.js";
import { startView } from "./views/start.js";
import { loadWebhooks, webhooksView } from "./views/webhooks.js";

const NAMES: Record<string, string> = {
  home: "Runners",
  new: "New session",
  webhooks: "Webhooks",
  settings: "Account",
  operator: "Operation",
  files: "Files",
};
const root = document.getElementById("console")!;

function draw(): void {
  if (!account.known) {
    render(html`<div class="center"><span class="pulse"></span></div>`, root);
    return;
  }
  if (account.user !== null) showSession(place.page === "session" ? place.id : "");
  rememberPlace();
  render(html`${account.user === null ? signView() : shell(content())} ${noticeList()}`, root);
  keepPlace();
  document.title = title();
}

function content(): TemplateResult {
  switch (place.page) {
    case "session":
      return sessionView();
    case "new":
      return startView();
    case "webhooks":
      return webhooksView();
    case "settings":
      return settingsView();
    case "operator":
      return operatorView();
    case "files": {
      const runner = feeds.runners.get(place.id);
      return page("Files", runner?.name ?? "", filesView(runner?.runnerId ?? "", runner?.roots[0] ?? "/"));
    }
    default:
      return homeView();
  }
}

function title(): string {
  const here = place.page === "session" ? feeds.sessions.get(place.id)?.sessionName : NAMES[place.page];
  const waiting = [...feeds.meta.keys()].some(waitsForSomebody);
  const name = account.user === null || !here ? "Agent Relay" : `${here} · Agent Relay`;
  return waiting ? `● ${name}` : name;
}

/** What a page shows that does not come by itself. */
function enter(): void {
  closeDrawer();
  if (account.user === null) return;
  if (place.page === "webhooks") void loadWebhooks();
  if (place.page === "operator") void loadOperator();
  if (place.page === "settings") {
    void loadSettings();
    void loadPush();
  }
}

drawWith(draw);
watchPlace(enter);
whenUserChanges((user) => {
  disconnect();
  forgetOperator();
  if (user !== null) {
    connect();
    void checkOperator();
    enter();
  }
});
watchAccount();
void checkAccount();
// Ages and waits go on when nothing else happens.
setInterval(() => {
  if (!document.hidden && live.sockets !== null) changed();
}, 1_000);
