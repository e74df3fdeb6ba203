/** What runners' services and their users say to each other. */
@NullMarked
package dev.agentrelay.gateway.service;

import org.jspecify.annotations.NullMarked;
