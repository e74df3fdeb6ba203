package dev.agentrelay.testkit.rules;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Features may use each other in one direction only. A service keeps to it by a test class in its
 * root package that extends this one; its features are the packages below.
 */
public abstract class PackageRules {
  private static final Path CLASSES = Path.of("target", "classes");

  @Test
  void featuresUseEachOtherInOneDirection() {
    // what others wrote is in no circle of ours and would take seconds to read
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    JavaClasses classes = new ClassFileImporter().importPath(CLASSES);
    SlicesRuleDefinition.slices()
        .matching(getClass().getPackageName() + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }
}
