package dev.agentrelay.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.docs.SocketEvents.Event;
import dev.agentrelay.docs.SocketEvents.Member;
import dev.agentrelay.docs.SocketEvents.Namespace;

/** The AsyncAPI 3 document of the sockets: a channel for each namespace, told by the relay. */
final class AsyncApiDocument {
  private static final String ANYTHING = "any";
  private static final String NOTHING = "nothing";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private AsyncApiDocument() {}

  static String text() {
    ObjectNode document = JSON.createObjectNode().put("asyncapi", "3.0.0");
    document
        .putObject("info")
        .put("title", "Agent Relay: sockets")
        .put("version", "1")
        .put(
            "description",
            "Events over Socket.IO 5. Each channel is a namespace, each message an event whose only"
                + " argument is the payload. Clients ignore events and members that they do not"
                + " know.");
    document
        .putObject("servers")
        .putObject("relay")
        .put("host", "{host}")
        .put("pathname", "/socket.io/")
        .put("protocol", "wss")
        .put("protocolVersion", "Engine.IO 4")
        .putObject("variables")
        .putObject("host")
        .put("description", "The public address of the relay.");
    ObjectNode channels = document.putObject("channels");
    ObjectNode operations = document.putObject("operations");
    SocketEvents.read()
        .forEach(
            namespace -> {
              ObjectNode channel = channels.putObject(id(namespace));
              channel.put("address", namespace.name()).put("description", namespace.meaning());
              ObjectNode messages = channel.putObject("messages");
              namespace.events().forEach(event -> message(messages, event));
              operation(operations, namespace, true);
              operation(operations, namespace, false);
            });
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static String id(Namespace namespace) {
    return namespace.name().substring(1);
  }

  /** The same name may be an event of both sides. */
  private static String id(Event event) {
    return (event.fromClient() ? "received." : "sent.") + event.name();
  }

  private static void message(ObjectNode messages, Event event) {
    ObjectNode message =
        messages.putObject(id(event)).put("name", event.name()).put("summary", event.meaning());
    if (!event.answer().isEmpty()) {
      message.put(
          "description",
          event.answer().equals(NOTHING)
              ? "Acknowledged without arguments."
              : "Acknowledged with one argument, type " + event.answer() + ".");
    }
    ObjectNode payload = message.putObject("payload").put("type", "object");
    ArrayNode required = JSON.createArrayNode();
    ObjectNode members = JSON.createObjectNode();
    for (Member each : event.members()) {
      type(members.putObject(each.name()), each);
      if (each.required()) {
        required.add(each.name());
      }
    }
    if (!required.isEmpty()) {
      payload.set("required", required);
    }
    if (!members.isEmpty()) {
      payload.set("properties", members);
    }
  }

  private static void type(ObjectNode schema, Member member) {
    if (member.type().equals(ANYTHING)) {
      return;
    }
    if (member.nullable()) {
      schema.putArray("type").add(member.type()).add("null");
    } else {
      schema.put("type", member.type());
    }
  }

  /** What the relay receives, or sends, on one channel. */
  private static void operation(ObjectNode operations, Namespace namespace, boolean fromClient) {
    String channel = "#/channels/" + id(namespace);
    ArrayNode messages = JSON.createArrayNode();
    namespace.events().stream()
        .filter(event -> event.fromClient() == fromClient)
        .forEach(event -> messages.addObject().put("$ref", channel + "/messages/" + id(event)));
    if (messages.isEmpty()) {
      return;
    }
    String action = fromClient ? "receive" : "send";
    ObjectNode operation = operations.putObject(action + "." + id(namespace)).put("action", action);
    operation.putObject("channel").put("$ref", channel);
    operation.set("messages", messages);
  }
}
