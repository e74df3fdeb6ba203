package dev.agentrelay.platform.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.Id;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerEvent;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.contracts.UserId;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/**
 * The suite's Jackson settings: ids as plain strings, times by {@link Timestamps}, sealed events
 * with a {@code type} member, decimal numbers kept exact, unknown members tolerated.
 */
@Singleton
public final class RelayJson implements ObjectMapperCustomizer {

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Typed {}

  /** A mapper with these settings, for code that runs outside a container. */
  public static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    new RelayJson().customize(mapper);
    return mapper;
  }

  /** Last, so that no module of the framework has the final word on how a time looks. */
  @Override
  public int priority() {
    return MINIMUM_PRIORITY;
  }

  @Override
  public void customize(ObjectMapper mapper) {
    SimpleModule module = new SimpleModule("agent-relay");
    module.addSerializer(Id.class, new IdSerializer());
    module.addSerializer(Instant.class, new InstantSerializer());
    module.addDeserializer(Instant.class, new TextDeserializer<>(Instant::parse));
    module.addSerializer(Duration.class, new TextSerializer<>(Duration.class, Duration::toString));
    module.addDeserializer(Duration.class, new TextDeserializer<>(Duration::parse));
    module.addSerializer(JsonText.class, new TextSerializer<>(JsonText.class, JsonText::value));
    module.addDeserializer(JsonText.class, new TextDeserializer<>(JsonText::new));
    module.addDeserializer(CommandId.class, new TextDeserializer<>(CommandId::new));
    module.addDeserializer(ReplicaId.class, new TextDeserializer<>(ReplicaId::new));
    module.addDeserializer(RunnerId.class, new TextDeserializer<>(RunnerId::new));
    module.addDeserializer(SessionId.class, new TextDeserializer<>(SessionId::new));
    module.addDeserializer(TerminalId.class, new TextDeserializer<>(TerminalId::new));
    module.addDeserializer(UserId.class, new TextDeserializer<>(UserId::new));
    mapper.registerModule(module);
    mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper.configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
    registerCases(mapper, SessionEvent.class);
    registerCases(mapper, RunnerEvent.class);
    registerCases(mapper, AgentNotice.class);
    registerCases(mapper, GatewayCommand.class);
    registerCases(mapper, TriggerEvent.class);
  }

  private static void registerCases(ObjectMapper mapper, Class<?> sealed) {
    mapper.addMixIn(sealed, Typed.class);
    mapper
        .configOverride(sealed)
        .setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null));
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      mapper.registerSubtypes(new NamedType(each, each.getSimpleName().toLowerCase(Locale.ROOT)));
    }
  }

  private static final class IdSerializer extends JsonSerializer<Id> {
    @Override
    public void serialize(Id id, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(id.value());
    }
  }

  private static final class InstantSerializer extends JsonSerializer<Instant> {
    @Override
    public void serialize(Instant time, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(Timestamps.text(time));
    }
  }

  private static final class TextSerializer<T> extends StdSerializer<T> {
    private final transient Function<T, String> text;

    TextSerializer(Class<T> type, Function<T, String> text) {
      super(type);
      this.text = text;
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(text.apply(value));
    }
  }

  private static final class TextDeserializer<T> extends JsonDeserializer<T> {
    private final Function<String, T> parse;

    TextDeserializer(Function<String, T> parse) {
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return parse.apply(in.getText());
    }
  }
}
