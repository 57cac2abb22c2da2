#pragma once

/* The connections of a simulated world in words, one row each: both ends keep a state of their own,
 * and here they are brought together. */

#include "ui/timeline/world-log.h"

/* "alice-laptop to mail.crepes.fr port 25: ESTABLISHED", the latest first; those of which nothing
 * is left but TIME-WAIT are only counted, in the last row. Texts are the caller's. */
GPtrArray *view_state_tcp(const WorldLog *log, guint moment);
