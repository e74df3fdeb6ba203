package dev.agentrelay.auth.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.json.Timestamps;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps what became of the last fault drills. */
@ApplicationScoped
class Drills implements PanacheRepositoryBase<DrillRecord, Long> {
  private static final int KEPT = 100;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_FINDINGS = 4_000;

  /**
   * @param backSeconds how long after the fault everybody was back; absent when not everybody was
   * @param longestGapSeconds the longest time that a viewer saw nothing new
   * @param findings what went wrong; empty when nothing did
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Drill(
      String at,
      String name,
      boolean passed,
      @Nullable Double backSeconds,
      @Nullable Double longestGapSeconds,
      String findings) {}

  /**
   * @throws RelayException with 400 when a member is missing or is something else
   */
  @Transactional
  void add(ObjectNode told) {
    DrillRecord record = new DrillRecord();
    record.at = Instant.now();
    record.name = text(told, "name", LONGEST_NAME);
    record.passed = passed(told);
    record.backSeconds = seconds(told, "backSeconds");
    record.longestGapSeconds = seconds(told, "longestGapSeconds");
    record.findings = record.passed ? "" : text(told, "findings", LONGEST_FINDINGS);
    persistAndFlush(record);
    delete("id <= ?1", Objects.requireNonNull(record.id) - KEPT);
  }

  /** Newest first. */
  @Transactional
  List<Drill> last() {
    return findAll(Sort.descending("id")).page(0, KEPT).stream().map(Drills::drill).toList();
  }

  private static Drill drill(DrillRecord record) {
    return new Drill(
        Timestamps.text(record.at),
        record.name,
        record.passed,
        record.backSeconds,
        record.longestGapSeconds,
        record.findings);
  }

  private static String text(ObjectNode told, String member, int longest) {
    String text = JsonBody.text(told, member);
    if (text == null || text.isBlank() || text.length() > longest) {
      throw invalid(member);
    }
    return text;
  }

  private static boolean passed(ObjectNode told) {
    JsonNode value = told.get("passed");
    if (value == null || !value.isBoolean()) {
      throw invalid("passed");
    }
    return value.booleanValue();
  }

  private static @Nullable Double seconds(ObjectNode told, String member) {
    JsonNode value = told.get(member);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isNumber() || value.doubleValue() < 0) {
      throw invalid(member);
    }
    return value.doubleValue();
  }

  private static RelayException invalid(String member) {
    return new RelayException(
        ErrorCode.INVALID_REQUEST, "Missing or invalid '" + member + "' field");
  }
}
