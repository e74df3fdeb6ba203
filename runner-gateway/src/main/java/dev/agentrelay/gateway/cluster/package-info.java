/** What joins the gateway's replicas: who they are, mail between them, and rooms that span them. */
@NullMarked
package dev.agentrelay.gateway.cluster;

import org.jspecify.annotations.NullMarked;
