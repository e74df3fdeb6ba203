package dev.agentrelay.webhook;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Features may use each other in one direction only. */
@AnalyzeClasses(
    packages = "dev.agentrelay.webhook",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PackageRulesTest {
  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.agentrelay.webhook.(*)..").should().beFreeOfCycles();
}
