#pragma once

/* What the terminal database says. In a file of its own: <term.h> defines hundreds of plain words.
 */

/* How many colours the terminal of that name has; 0: none, -1: no such terminal is known. 'handle'
 * is an open terminal. */
int terminal_colours(const char *name, int handle);
