package dev.agentrelay.auth;

import dev.agentrelay.testkit.rules.PackageRules;

class PackageRulesTest extends PackageRules {}
