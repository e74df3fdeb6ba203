@NullMarked
package dev.agentrelay.auth.enrolment;

import org.jspecify.annotations.NullMarked;
