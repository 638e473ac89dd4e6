/** What a host tells of itself: the kernel's files, the answers of its commands, this Java. Read here and judged elsewhere. */
package dev.freshet.deploy.doctor.host;
