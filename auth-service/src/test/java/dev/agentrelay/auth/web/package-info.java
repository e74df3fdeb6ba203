@NullMarked
package dev.agentrelay.auth.web;

import org.jspecify.annotations.NullMarked;
