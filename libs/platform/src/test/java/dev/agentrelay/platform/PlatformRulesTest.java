package dev.agentrelay.platform;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The platform knows the contracts and no service. */
@AnalyzeClasses(
    packages = "dev.agentrelay.platform",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PlatformRulesTest {
  @ArchTest
  static final ArchRule DEPENDENCIES =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.agentrelay..")
                  .and(
                      resideOutsideOfPackages(
                          "dev.agentrelay.platform..", "dev.agentrelay.contracts..")));
}
