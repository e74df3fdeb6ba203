/** Shows notifications, and opens their session when one is clicked. */
/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;

interface Notice {
  title?: string;
  body?: string;
  sessionId?: string;
  data?: { sessionId?: string };
}

self.addEventListener("push", (event) => {
  const notice = (event.data?.json() ?? {}) as Notice;
  const sessionId = notice.sessionId ?? notice.data?.sessionId ?? "";
  event.waitUntil(
    self.registration.showNotification(notice.title ?? "Agent Relay", {
      body: notice.body ?? "",
      tag: sessionId,
      data: { sessionId },
      icon: "/console/icon.svg",
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { sessionId } = event.notification.data as { sessionId: string };
  const address = sessionId === "" ? "/console/" : `/console/#/session/${encodeURIComponent(sessionId)}`;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then(async (windows) => {
      const open = windows.find((each) => new URL(each.url).pathname.startsWith("/console"));
      if (open === undefined) return self.clients.openWindow(address);
      await open.navigate(address);
      return open.focus();
    }),
  );
});
