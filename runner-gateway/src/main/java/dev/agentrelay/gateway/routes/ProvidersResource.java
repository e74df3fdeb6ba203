package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * Logins of a runner at model providers, {@code X18} to {@code X22} of rest.md 7.2. What a person
 * submits may be a key: it is passed on and never logged.
 */
@Path("/api/runners/{runnerId}/providers")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class ProvidersResource {
  private static final RunnerCommand LIST = auth("auth_list", 15);
  private static final RunnerCommand START = auth("auth_login_start", 45);
  private static final RunnerCommand SUBMIT = auth("auth_login_submit", 90);
  private static final RunnerCommand CANCEL = auth("auth_login_cancel", 15);
  private static final RunnerCommand STATUS = auth("auth_login_status", 15);
  private static final String MISSING_LOGIN = "Missing 'loginId'";

  private final RunnerRoutes routes;

  ProvidersResource(RunnerRoutes routes) {
    this.routes = routes;
  }

  private static RunnerCommand auth(String event, int seconds) {
    return RunnerCommand.of(event, seconds)
        .refusedIfNotOk(ErrorCode.RUNNER_UNREACHABLE, "Runner rejected the request");
  }

  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return routes.pass(runnerId, LIST);
  }

  @POST
  @Path("login")
  public Uni<byte[]> start(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(
        runnerId,
        START,
        runner -> {
          RawObject request = RequestBody.required(body);
          String provider = request.text("providerId");
          if (provider == null || provider.isEmpty()) {
            throw RequestBody.invalid("Missing 'providerId'");
          }
          boolean key = "api_key".equals(request.text("authType"));
          return RawObject.empty()
              .put("providerId", provider)
              .put("authType", key ? "api_key" : "oauth");
        });
  }

  @POST
  @Path("login/submit")
  public Uni<byte[]> submit(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(
        runnerId,
        SUBMIT,
        runner -> {
          RawObject request = RequestBody.required(body);
          String login = request.text("loginId");
          String value = request.text("value");
          if (login == null || value == null) {
            throw RequestBody.invalid("Missing 'loginId' or 'value'");
          }
          return RawObject.empty().put("loginId", login).put("value", value);
        });
  }

  @POST
  @Path("login/cancel")
  public Uni<byte[]> cancel(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(
        runnerId, CANCEL, runner -> login(RequestBody.required(body).text("loginId")));
  }

  @GET
  @Path("login/status")
  public Uni<byte[]> status(
      @PathParam("runnerId") String runnerId, @QueryParam("loginId") @Nullable String loginId) {
    return routes.pass(
        runnerId, STATUS, runner -> login(loginId == null || loginId.isEmpty() ? null : loginId));
  }

  private static RawObject login(@Nullable String login) {
    if (login == null) {
      throw RequestBody.invalid(MISSING_LOGIN);
    }
    return RawObject.empty().put("loginId", login);
  }
}
