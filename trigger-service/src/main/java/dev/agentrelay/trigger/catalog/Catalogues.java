package dev.agentrelay.trigger.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.platform.live.LiveRunner;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reads the catalogue out of a runner's record. */
@ApplicationScoped
public class Catalogues {
  private static final Logger LOG = Logger.getLogger(Catalogues.class);

  private final ObjectMapper json;

  Catalogues(ObjectMapper json) {
    this.json = json;
  }

  /** What the runner announced; empty before it has announced anything. */
  public Optional<Catalogue> of(LiveRunner runner) {
    if (runner.announce() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Catalogue(json.readTree(runner.announce())));
    } catch (JsonProcessingException e) {
      LOG.errorf("the announcement of runner %s is not JSON", runner.runnerId());
      return Optional.empty();
    }
  }
}
