package dev.agentrelay.docs;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One method on one public path.
 *
 * @param service who answers
 * @param id unique among all endpoints
 * @param summary what it does, in a few words
 * @param access which credential it needs
 * @param takes media type of its body; absent when it takes none
 * @param mediaType of its answer
 * @param answer the members of its answer by name, with their JSON types; absent when not known
 * @param errors the codes of its failures by their status
 */
record Endpoint(
    String service,
    String method,
    String path,
    String id,
    String summary,
    Access access,
    List<Parameter> parameters,
    @Nullable String takes,
    String mediaType,
    @Nullable SortedMap<String, String> answer,
    SortedMap<Integer, SortedSet<String>> errors) {

  /** Who may call. */
  enum Access {
    ANYONE,
    CALLER,
    API_KEY
  }

  /**
   * @param place {@code path}, {@code query} or {@code header}
   * @param type a JSON type
   */
  record Parameter(String name, String place, String type) {}
}
