/** A coordinator that runs elsewhere, as a client sees it: its API, its live feed, its result files. */
package dev.freshet.deploy.remote;
