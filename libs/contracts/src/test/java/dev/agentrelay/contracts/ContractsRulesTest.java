package dev.agentrelay.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What services say to each other needs no framework. */
@AnalyzeClasses(
    packages = "dev.agentrelay.contracts",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ContractsRulesTest {
  @ArchTest
  static final ArchRule DEPENDENCIES =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.agentrelay.contracts..", "java..", "org.jspecify..");
}
