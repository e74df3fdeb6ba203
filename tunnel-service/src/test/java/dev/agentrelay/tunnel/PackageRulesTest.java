package dev.agentrelay.tunnel;

import dev.agentrelay.testkit.rules.PackageRules;

class PackageRulesTest extends PackageRules {}
