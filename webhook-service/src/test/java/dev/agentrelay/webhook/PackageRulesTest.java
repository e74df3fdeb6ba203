package dev.agentrelay.webhook;

import dev.agentrelay.testkit.rules.PackageRules;

class PackageRulesTest extends PackageRules {}
