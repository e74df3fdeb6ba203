package dev.agentrelay.platform.identity;

import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

/**
 * Stops the start of a service that has a resource without an access class, so that none is open by
 * oversight.
 */
@Startup
@Singleton
public class AccessClasses {
  private static final List<Class<? extends Annotation>> CLASSES =
      List.of(CallerRequired.class, ApiKeyRequired.class, ServicesOnly.class, OpenToAnyone.class);

  private final BeanManager beans;

  AccessClasses(BeanManager beans) {
    this.beans = beans;
  }

  @PostConstruct
  void check() {
    List<String> undeclared =
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
            .<Class<?>>map(bean -> bean.getBeanClass())
            .distinct()
            .filter(type -> type.isAnnotationPresent(Path.class))
            .flatMap(AccessClasses::undeclared)
            .sorted()
            .toList();
    if (!undeclared.isEmpty()) {
      throw new IllegalStateException(
          "these resources declare no access class (@CallerRequired, @ApiKeyRequired,"
              + " @ServicesOnly or @OpenToAnyone): "
              + String.join(", ", undeclared));
    }
  }

  /** The resource methods of a type that have no access class, neither themselves nor by it. */
  static Stream<String> undeclared(Class<?> type) {
    return isDeclared(type)
        ? Stream.empty()
        : Stream.of(type.getDeclaredMethods())
            .filter(AccessClasses::isResource)
            .filter(method -> !isDeclared(method))
            .map(method -> type.getName() + "#" + method.getName());
  }

  private static boolean isResource(Method method) {
    return Stream.of(method.getAnnotations())
        .anyMatch(
            annotation ->
                annotation instanceof Path
                    || annotation.annotationType().isAnnotationPresent(HttpMethod.class));
  }

  private static boolean isDeclared(AnnotatedElement element) {
    return CLASSES.stream().anyMatch(element::isAnnotationPresent);
  }
}
