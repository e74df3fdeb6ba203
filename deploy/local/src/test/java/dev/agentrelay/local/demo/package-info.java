@NullMarked
package dev.agentrelay.local.demo;

import org.jspecify.annotations.NullMarked;
