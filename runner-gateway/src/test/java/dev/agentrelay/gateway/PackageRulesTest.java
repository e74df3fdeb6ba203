package dev.agentrelay.gateway;

import dev.agentrelay.testkit.rules.PackageRules;

class PackageRulesTest extends PackageRules {}
