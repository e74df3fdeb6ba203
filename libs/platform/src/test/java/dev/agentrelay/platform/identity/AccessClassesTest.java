package dev.agentrelay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.junit.jupiter.api.Test;

class AccessClassesTest {
  @Path("/one")
  static class Undeclared {
    @GET
    @CallerRequired
    public String declared() {
      return "";
    }

    @POST
    public String forgotten() {
      return "";
    }

    public String noResource() {
      return "";
    }
  }

  @OpenToAnyone
  @Path("/two")
  static class Declared {
    @GET
    public String any() {
      return "";
    }
  }

  @Test
  void findsResourcesWithoutAnAccessClass() {
    assertThat(AccessClasses.undeclared(Undeclared.class))
        .containsExactly(Undeclared.class.getName() + "#forgotten");
    assertThat(AccessClasses.undeclared(Declared.class)).isEmpty();
  }
}
