/** Giving a device a key without typing a password on it (rest.md 7.5). */
@NullMarked
package dev.agentrelay.auth.enrolment;

import org.jspecify.annotations.NullMarked;
