@NullMarked
package dev.agentrelay.e2e.services;

import org.jspecify.annotations.NullMarked;
