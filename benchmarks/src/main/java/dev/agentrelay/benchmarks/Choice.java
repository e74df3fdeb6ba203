package dev.agentrelay.benchmarks;

import dev.agentrelay.benchmarks.scenario.Attachments;
import dev.agentrelay.benchmarks.scenario.AuthAway;
import dev.agentrelay.benchmarks.scenario.AuthenticatedReads;
import dev.agentrelay.benchmarks.scenario.EventLog;
import dev.agentrelay.benchmarks.scenario.Fairness;
import dev.agentrelay.benchmarks.scenario.FanOut;
import dev.agentrelay.benchmarks.scenario.HubSockets;
import dev.agentrelay.benchmarks.scenario.LargeSnapshot;
import dev.agentrelay.benchmarks.scenario.ManySessions;
import dev.agentrelay.benchmarks.scenario.Notifications;
import dev.agentrelay.benchmarks.scenario.QuietLatency;
import dev.agentrelay.benchmarks.scenario.RunnerCommands;
import dev.agentrelay.benchmarks.scenario.RunnerStorm;
import dev.agentrelay.benchmarks.scenario.SaturatedSessions;
import dev.agentrelay.benchmarks.scenario.Scenario;
import dev.agentrelay.benchmarks.scenario.SessionList;
import dev.agentrelay.benchmarks.scenario.SignIns;
import dev.agentrelay.benchmarks.scenario.TerminalEcho;
import dev.agentrelay.benchmarks.scenario.TriggerBroadcast;
import dev.agentrelay.benchmarks.scenario.TriggerCrash;
import dev.agentrelay.benchmarks.scenario.TriggerDelivery;
import dev.agentrelay.benchmarks.scenario.Tunnels;
import dev.agentrelay.benchmarks.scenario.TwoReplicas;
import dev.agentrelay.benchmarks.scenario.WebhookFires;
import java.util.Locale;

/** The scenarios by the names that {@code --only} knows. */
enum Choice {
  LIVE,
  FAN_OUT,
  LATENCY,
  REPLICAS,
  HUB,
  READS,
  SIGN_INS,
  AUTH_AWAY,
  COMMANDS,
  TERMINAL,
  SNAPSHOT,
  STORM,
  SESSIONS,
  FAIRNESS,
  LIST,
  ATTACHMENTS,
  EVENT_LOG,
  TRIGGERS,
  TRIGGER_CRASH,
  BROADCAST,
  WEBHOOKS,
  PUSH,
  TUNNEL;

  Scenario scenario() {
    return switch (this) {
      case LIVE -> new SaturatedSessions();
      case FAN_OUT -> new FanOut();
      case LATENCY -> new QuietLatency();
      case REPLICAS -> new TwoReplicas();
      case HUB -> new HubSockets();
      case READS -> new AuthenticatedReads();
      case SIGN_INS -> new SignIns();
      case AUTH_AWAY -> new AuthAway();
      case COMMANDS -> new RunnerCommands();
      case TERMINAL -> new TerminalEcho();
      case SNAPSHOT -> new LargeSnapshot();
      case STORM -> new RunnerStorm();
      case SESSIONS -> new ManySessions();
      case FAIRNESS -> new Fairness();
      case LIST -> new SessionList();
      case ATTACHMENTS -> new Attachments();
      case EVENT_LOG -> new EventLog();
      case TRIGGERS -> new TriggerDelivery();
      case TRIGGER_CRASH -> new TriggerCrash();
      case BROADCAST -> new TriggerBroadcast();
      case WEBHOOKS -> new WebhookFires();
      case PUSH -> new Notifications();
      case TUNNEL -> new Tunnels();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
