package dev.agentrelay.socketio;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The socket server knows nothing of relays and could be published alone. */
@AnalyzeClasses(
    packages = "dev.agentrelay.socketio",
    importOptions = ImportOption.DoNotIncludeTests.class)
class SocketIoRulesTest {
  @ArchTest
  static final ArchRule DEPENDENCIES =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.agentrelay..")
                  .and(resideOutsideOfPackage("dev.agentrelay.socketio..")));
}
