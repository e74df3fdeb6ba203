package dev.agentrelay.auth.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.web.AuthException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the members of a body and gathers what is wrong with them, in the clients' words. */
final class LoginFields {
  private final ObjectNode body;
  private final List<String> faults = new ArrayList<>();

  LoginFields(ObjectNode body) {
    this.body = body;
  }

  /** A member that must be text; empty text, and a fault, when it is not. */
  String text(String member) {
    JsonNode value = body.get(member);
    if (value != null && value.isTextual()) {
      return value.textValue();
    }
    String received =
        value == null ? "undefined" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    fault(member, "Invalid input: expected string, received " + received);
    return "";
  }

  /** A member that must be text of no more characters. */
  String text(String member, int longest) {
    String text = text(member);
    if (text.length() > longest) {
      fault(member, "Too big: expected string to have <=" + longest + " characters");
    }
    return text;
  }

  void fault(String member, String what) {
    faults.add("[body." + member + "] " + what);
  }

  /**
   * @throws AuthException naming every fault
   */
  void check() {
    if (!faults.isEmpty()) {
      throw AuthException.validation(String.join("; ", faults));
    }
  }
}
