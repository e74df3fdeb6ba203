package dev.agentrelay.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The events of the sockets, as {@code socket-events.txt} lists them. */
final class SocketEvents {
  private static final Pattern EVENT =
      Pattern.compile("([<>]) ([a-z_]+)\\(([^)]*)\\)(?: =([a-z]+))? (.+)");
  private static final Pattern MEMBER =
      Pattern.compile("([A-Za-z_]+)(\\?)?(?::([a-z]+))?(\\|null)?");

  private SocketEvents() {}

  /** One Socket.IO namespace. */
  record Namespace(String name, String meaning, List<Event> events) {}

  /**
   * One event.
   *
   * @param fromClient whether the relay is told, else the client is
   * @param answer the type of what acknowledges it; empty when nothing does
   */
  record Event(
      boolean fromClient, String name, List<Member> members, String answer, String meaning) {}

  /** A member of an event's only argument. */
  record Member(String name, String type, boolean required, boolean nullable) {}

  static List<Namespace> read() {
    List<Namespace> namespaces = new ArrayList<>();
    lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              if (line.startsWith("/")) {
                String[] head = line.split(" ", 2);
                namespaces.add(new Namespace(head[0], head[1], new ArrayList<>()));
              } else {
                namespaces.getLast().events().add(event(line));
              }
            });
    return List.copyOf(namespaces);
  }

  private static Stream<String> lines() {
    try (InputStream file = SocketEvents.class.getResourceAsStream("socket-events.txt")) {
      byte[] bytes = Objects.requireNonNull(file, "socket-events.txt").readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Event event(String line) {
    Matcher event = matched(EVENT, line);
    List<Member> members =
        Arrays.stream(event.group(3).split(", "))
            .filter(member -> !member.isEmpty())
            .map(SocketEvents::member)
            .toList();
    return new Event(
        event.group(1).equals("<"),
        event.group(2),
        members,
        Objects.requireNonNullElse(event.group(4), ""),
        event.group(5));
  }

  private static Member member(String text) {
    Matcher member = matched(MEMBER, text);
    return new Member(
        member.group(1),
        Objects.requireNonNullElse(member.group(3), "string"),
        member.group(2) == null,
        member.group(4) != null);
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.matches()) {
      throw new IllegalStateException("socket-events.txt: " + text);
    }
    return found;
  }
}
