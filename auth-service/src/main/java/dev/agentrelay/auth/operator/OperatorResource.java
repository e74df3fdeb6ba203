package dev.agentrelay.auth.operator;

import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.report.ReplicaReport;
import dev.agentrelay.platform.report.ReplicaReports;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operators' view of the whole relay; everybody else gets 403. */
@CallerRequired
@Path("/api/operator")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class OperatorResource {
  private static final Duration REDIS_ANSWERS = Duration.ofSeconds(5);

  private final Operators operators;
  private final ReplicaReports reports;
  private final Users users;
  private final AuditPages audit;
  private final Drills drills;
  private final JsonBody json;

  OperatorResource(
      Operators operators,
      ReplicaReports reports,
      Users users,
      AuditPages audit,
      Drills drills,
      JsonBody json) {
    this.operators = operators;
    this.reports = reports;
    this.users = users;
    this.audit = audit;
    this.drills = drills;
    this.json = json;
  }

  record Role(boolean operator) {}

  record Replicas(List<ReplicaReport> replicas) {}

  record LastDrills(List<Drills.Drill> drills) {}

  record Told(boolean ok) {}

  /** Whether the caller is an operator; everybody may ask. */
  @GET
  public Role role(@Context HttpHeaders headers) {
    return new Role(operators.isOperator(headers));
  }

  /** The running replicas of every service, with their figures of the last seconds. */
  @GET
  @Path("/replicas")
  public Replicas replicas(@Context HttpHeaders headers) {
    operators.require(headers);
    return new Replicas(reports.all().await().atMost(REDIS_ANSWERS));
  }

  /** The accounts with what they have and use, newest first. */
  @GET
  @Path("/users")
  public Users.Page users(
      @QueryParam("cursor") @Nullable String cursor, @Context HttpHeaders headers) {
    operators.require(headers);
    return users.page(cursor);
  }

  /** What was done with accounts and keys, newest first. */
  @GET
  @Path("/audit")
  public AuditPages.Page audit(
      @QueryParam("cursor") @Nullable String cursor, @Context HttpHeaders headers) {
    operators.require(headers);
    return audit.page(cursor);
  }

  /** What became of the last fault drills, newest first. */
  @GET
  @Path("/drills")
  public LastDrills drills(@Context HttpHeaders headers) {
    operators.require(headers);
    return new LastDrills(drills.last());
  }

  /** Whoever has run a drill tells what became of it. */
  @POST
  @Path("/drills")
  public Told drilled(@Nullable String body, @Context HttpHeaders headers) {
    operators.require(headers);
    drills.add(json.require(body));
    return new Told(true);
  }
}
