package dev.agentrelay.auth.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.platform.http.ClientAddress;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes down what is done with accounts and keys: one row and one line of JSON in the log. */
@ApplicationScoped
public class AuditTrail implements PanacheRepositoryBase<AuditRecord, Long> {
  private static final Logger LOG = Logger.getLogger("dev.agentrelay.audit");
  private static final int LONGEST_SUBJECT = 254;
  private static final int LONGEST_USER_AGENT = 1000;

  private final ClientAddress addresses;
  private final ObjectMapper json;

  AuditTrail(ClientAddress addresses, ObjectMapper json) {
    this.addresses = addresses;
    this.json = json;
  }

  /**
   * @param account absent where there is none
   * @param subject the address that was given, or the id of the key; never a secret
   */
  @Transactional
  public void write(
      AuditAction action, @Nullable Account account, String subject, HttpServerRequest request) {
    String userAgent = request.getHeader(HttpHeaders.USER_AGENT);
    AuditRecord record = new AuditRecord();
    record.at = Instant.now();
    record.action = action;
    record.accountId = account == null ? null : account.id;
    record.subject = cut(subject, LONGEST_SUBJECT);
    record.address = addresses.of(request);
    record.userAgent = cut(userAgent == null ? "" : userAgent, LONGEST_USER_AGENT);
    persist(record);
    LOG.info(line(record));
  }

  /** JSON, so that nothing that was sent can look like a line of its own. */
  private String line(AuditRecord record) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("audit", record.action);
    line.put("account", record.accountId);
    line.put("subject", record.subject);
    line.put("address", record.address);
    line.put("userAgent", record.userAgent);
    try {
      return json.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }

  private static String cut(String text, int longest) {
    // Postgres takes every character but this one.
    String clean = text.replace("\0", "");
    return clean.length() > longest ? clean.substring(0, longest) : clean;
  }

  @Transactional
  public long deleteBefore(Instant time) {
    return delete("at < ?1", time);
  }
}
