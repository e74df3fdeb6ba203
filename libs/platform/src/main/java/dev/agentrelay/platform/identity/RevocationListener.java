package dev.agentrelay.platform.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.CredentialRevoked;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Hears which credentials were revoked; every replica of every service hears all of them. */
@ApplicationScoped
@Identifier("credentials-revoked")
public class RevocationListener implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = Logger.getLogger(RevocationListener.class);

  private final CallerDirectory directory;
  private final ObjectMapper json;

  RevocationListener(CallerDirectory directory, ObjectMapper json) {
    this.directory = directory;
    this.json = json;
  }

  @Incoming("credentials-revoked")
  void onRevoked(String event) {
    try {
      directory.forget(json.readValue(event, CredentialRevoked.class));
    } catch (JsonProcessingException e) {
      LOG.errorf("a credential event cannot be read, so nobody is believed unasked: %s", e);
      directory.distrustAll();
    }
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    // Where reading starts is settled now; whatever was said before must be asked for.
    partitions.forEach(consumer::position);
    directory.distrustAll();
  }
}
