#pragma once

/* The two messages that lie in the mailboxes of `talk`'s own server, so that there is something to
 * read: one plain, one with an attachment. They are the same every time. */

#include "sim/loopback/loopback-house.h"

/* Into the mailbox of everybody in the scenario. */
bool talk_letters_deliver(LoopbackHouse *house, const Scenario *scenario, GError **error);
