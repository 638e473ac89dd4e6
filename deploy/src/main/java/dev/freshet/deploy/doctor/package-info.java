/** {@code freshet doctor}: all checks on one host, their findings as JSON, and as one table for one host or several. */
package dev.freshet.deploy.doctor;
