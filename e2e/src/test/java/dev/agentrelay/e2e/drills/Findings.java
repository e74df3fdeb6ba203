package dev.agentrelay.e2e.drills;

import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.json.JSONArray;
import org.json.JSONObject;

/** What a settled load has to complain about; nothing, if the relay kept its word. */
final class Findings {
  /** A failed connection, which clients try again; anything else refuses them for good. */
  private static final Set<String> TRANSIENT =
      Set.of("websocket error", "xhr poll error", "timeout");

  /** What the sender of a delivery that waits is told. */
  private static final int ACCEPTED = 202;

  private final Load load;
  private final List<String> found = new ArrayList<>();

  private Findings(Load load) {
    this.load = load;
  }

  static List<String> of(Load load) {
    Findings findings = new Findings(load);
    findings.ofEvents();
    findings.ofGoodbyes();
    findings.ofTriggers();
    findings.ofWebhooks();
    findings.ofTunnel();
    return findings.found;
  }

  /** Every acknowledged event is seen once and in order by each viewer. */
  private void ofEvents() {
    for (LoadWorker worker : load.workers) {
      SortedSet<Integer> acknowledged = worker.acknowledged();
      for (LoadViewer viewer : load.viewers) {
        if (viewer.session().equals(worker.session())) {
          unless(viewer.lacks(acknowledged), "a viewer never saw acknowledged events");
          unless(viewer.outOfOrder(), "a viewer saw events twice or out of order");
        }
      }
    }
  }

  /** Nobody was told that what he is there for is gone. */
  private void ofGoodbyes() {
    load.viewers.forEach(viewer -> unless(viewer.ends(), "a viewer was told of an end"));
    load.viewers.forEach(viewer -> refusals("a viewer", viewer.socket().inbox()));
    for (LoadWorker worker : load.workers) {
      refusals("a worker", worker.socket().inbox());
      dismissals("a worker", worker.socket().inbox());
      unless(
          received(worker.socket().inbox(), "session_expired", "reason"), "a worker was dismissed");
    }
    refusals("the runner", load.runner.inbox());
    dismissals("the runner", load.runner.inbox());
    refusals("the hub", load.hub.inbox());
    refusals("the feed", load.feed.inbox());
    // a worker that registers anew is taken off the list and put on it again
    for (LoadWorker worker : load.workers) {
      if (load.hub.session(worker.session()) == null) {
        found.add("a live session is not on the list: " + worker.session());
      }
    }
    if (!load.feed.runners().containsKey(load.runner.runnerId())) {
      found.add("the runner is not on the list");
    }
  }

  /** An accepted trigger is told once, any other at most once. */
  private void ofTriggers() {
    unless(load.triggers.refused().entrySet(), "triggers were refused");
    List<Integer> told = new ArrayList<>();
    load.workers.forEach(worker -> told.addAll(worker.told()));
    SortedSet<Integer> lost = load.triggers.accepted();
    lost.removeAll(new HashSet<>(told));
    unless(lost, "accepted triggers were never told");
    unless(LoadWorker.repeated(told).entrySet(), "triggers were told more than once");
    for (LoadWorker worker : load.workers) {
      String path = "/api/sessions/" + worker.session() + "/triggers?limit=200&state=all";
      JSONArray entries =
          Json.arrayAt(Json.parse(load.rest().send("GET", path, null).body()), "triggers");
      for (int i = 0; i < entries.length(); i++) {
        JSONObject entry = Json.parse(String.valueOf(entries.opt(i)));
        JSONObject delivery = Json.objectAt(entry, "delivery");
        // nobody has waited for those to come to an end
        if (load.triggers.failed().containsKey(Json.objectAt(entry, "payload").optInt("number"))) {
          continue;
        }
        String state = delivery.optString("state");
        if (state.equals("queued") || (!state.equals("delivered") && delivery.isNull("reason"))) {
          found.add("a trigger ended as " + entry);
        }
      }
    }
  }

  /**
   * An accepted request starts one session that is told once, or has failed with a reason; the
   * ledger says of every other what became of it.
   */
  private void ofWebhooks() {
    unless(load.fires.refused().entrySet(), "webhooks were refused");
    List<Integer> told = load.started.told();
    SortedSet<Integer> delivered = new TreeSet<>();
    SortedSet<Integer> lost = load.fires.accepted();
    for (JSONObject delivery : load.webhooks.ledger()) {
      if (delivery.optString("state").equals("delivered")) {
        delivered.add(Webhooks.number(delivery));
      } else if (!Webhooks.isOver(delivery) || delivery.isNull("lastError")) {
        found.add("a delivery ended as " + delivery);
      } else if (delivery.optInt("status") == ACCEPTED) {
        lost.remove(Webhooks.number(delivery));
      }
    }
    lost.removeAll(delivered);
    unless(lost, "accepted webhooks were neither delivered nor failed");
    SortedSet<Integer> silent = new TreeSet<>(delivered);
    silent.removeAll(new HashSet<>(told));
    unless(silent, "webhooks that count as delivered were never told");
    // one that was told may count as failed, when its session ended with the gateway that told it
    unless(LoadWorker.repeated(told).entrySet(), "webhooks were told more than once");
  }

  /** Whoever asked the app was told at worst to come again. */
  private void ofTunnel() {
    unless(load.requests.refused().entrySet(), "requests through the tunnel were refused");
    unless(load.requests.failed().entrySet(), "requests through the tunnel were given up");
  }

  private void refusals(String whose, Inbox<Received> inbox) {
    List<String> refusals = received(inbox, "connect_error", "message");
    refusals.removeIf(reason -> TRANSIENT.stream().anyMatch(reason::contains));
    unless(refusals, whose + " was refused");
  }

  /** After a DISCONNECT, workers and runners do not come back. */
  private void dismissals(String whose, Inbox<Received> inbox) {
    List<String> losses = received(inbox, "disconnect", "message");
    losses.removeIf(reason -> !reason.equals("io server disconnect"));
    unless(losses, whose + " was sent away");
  }

  private void unless(Collection<?> wrong, String complaint) {
    if (!wrong.isEmpty()) {
      found.add(complaint + ": " + wrong);
    }
  }

  private static List<String> received(Inbox<Received> inbox, String event, String member) {
    List<String> values = new ArrayList<>();
    for (Received received : inbox.all()) {
      if (received.is(event)) {
        values.add(String.valueOf(received.text(member)));
      }
    }
    return values;
  }
}
