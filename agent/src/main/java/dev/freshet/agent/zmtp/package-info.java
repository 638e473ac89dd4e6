/**
 * ZMTP 3.1 over TCP, as far as publishing and subscribing need it (RFC 37 with the NULL mechanism, RFC 29): our own, as every message passes through it.
 * JeroMQ remains the reference, and speaks everything else.
 */
package dev.freshet.agent.zmtp;
