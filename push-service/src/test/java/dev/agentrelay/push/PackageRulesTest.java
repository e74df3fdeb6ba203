package dev.agentrelay.push;

import dev.agentrelay.testkit.rules.PackageRules;

class PackageRulesTest extends PackageRules {}
