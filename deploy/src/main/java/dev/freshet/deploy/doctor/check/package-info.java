/** One class for each thing that can spoil a measurement: a function of what the host tells and of what is to be measured. */
package dev.freshet.deploy.doctor.check;
